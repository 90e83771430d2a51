import assert from 'node:assert/strict';
import { parseActivation } from '../../../bench/editorActivation.ts';

const report = `## Extension Activation Stats
| Extension           | Eager | Load Code | Call Activate | Finish Activate | Event             | By        |
| ------------------- | ----- | --------- | ------------- | --------------- | ----------------- | --------- |
| vscode.npm          | false | 1320      | 5             | 33              | workspaceContains | vscode.npm |
| some.dev-env        | false | 1606      | 25            | 6               | onView:rows       | some.dev-env |

## Raw Perf Marks: remoteExtHost
Name\tTimestamp\tDelta\tTotal
code/extHost/willLoadExtensionCode/some.dev-env\t1795274696868\t1\t8657.072021484375
code/extHost/didLoadExtensionCode/some.dev-env\t1795274697093\t225\t8882.572021484375
code/extHost/willActivateExtension/some.dev-env\t1795274697382\t2\t9171.072021484375
`;

describe('the activation times in the report of VS Code', () => {
  it('are the marks around the code, the call, and the sum with the wait for others', () => {
    assert.deepEqual(parseActivation(report, 'some.dev-env'), {
      load: 225.5,
      call: 25,
      asShown: 1631,
    });
  });

  it('are refused when the report lacks them', () => {
    assert.throws(() => parseActivation(report, 'other.one'), /no activation times of other\.one/);
    assert.throws(() => parseActivation(report, 'vscode.npm'), /no mark .*vscode\.npm/);
  });
});
