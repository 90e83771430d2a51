import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { systemClock } from '../../src/base/clock.ts';
import { Outputs } from '../../src/vscode/output/outputs.ts';
import { until } from '../support/until.ts';
import { runScript, TestFolder } from './testFolder.ts';

const colours = runScript(
  String.raw`console.log('\u001b[32mgreen\u001b[0m'); process.stdout.write('the last words'); process.exitCode = 2`,
);
const flood = runScript(
  `const line = 'x'.repeat(199); for (let i = 0; i < 100; i++) console.log((line + '\\n').repeat(1000)); console.log('the end')`,
);

const text = `processes:
  - name: host-test-colours
    type: task
    restart: never
${colours}
  - name: host-test-flood
    type: task
    restart: never
${flood}
`;

describe('the output channel of a process', () => {
  let folder: TestFolder;
  let outputs: Outputs;

  beforeEach(async () => {
    folder = await TestFolder.create();
    outputs = new Outputs(folder.environments, systemClock);
  });

  afterEach(async () => {
    outputs.dispose();
    await folder.close();
  });

  /** The text of the channel that is shown, once it satisfies the condition. */
  async function shownText(condition: RegExp): Promise<string> {
    return until(`output that matches ${String(condition)}`, () =>
      vscode.workspace.textDocuments
        .filter(({ uri }) => uri.scheme === 'output')
        .map((document) => document.getText())
        .find((shown) => condition.test(shown)),
    );
  }

  it('has the lines of a run between its borders, without colours, to the last', async () => {
    const environment = await folder.open(text);
    await environment.controller?.start(['host-test-colours']);
    outputs.show({ environment, name: 'host-test-colours' });
    const shown = await shownText(/run 1 ended/);
    assert.match(
      shown,
      /── \d\d:\d\d:\d\d run 1 started by you ──\r?\ngreen\r?\nthe last words\r?\n── \d\d:\d\d:\d\d run 1 ended: exit code 2 ──/,
    );
  });

  it('cuts a flood, says so, and has its end', async () => {
    const environment = await folder.open(text);
    await environment.controller?.start(['host-test-flood']);
    outputs.show({ environment, name: 'host-test-flood' });
    const shown = await shownText(/the end\r?\n── [\d:]+ run 1 ended/);
    const logPath = environment.controller?.process('host-test-flood')?.logPath ?? '';
    assert.match(shown, /── [\d.]+ MB left out here; everything is in /);
    assert.ok(shown.includes(logPath));
    assert.ok(shown.length < 5_000_000, `${shown.length} characters were shown`);
  });
});
