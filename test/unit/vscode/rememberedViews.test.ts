import assert from 'node:assert/strict';
import type { ProcessRef } from '../../../src/vscode/environments.ts';
import { noFilter } from '../../../src/vscode/terminals/mergedLines.ts';
import {
  asRemembered,
  rememberView,
  restoreView,
  sourceKey,
} from '../../../src/vscode/terminals/rememberedViews.ts';

function ref(name: string, folder = 'file:///shop'): ProcessRef {
  return { name, environment: { folder: { uri: folder } } } as unknown as ProcessRef;
}

const refs = [ref('db'), ref('api'), ref('web')];
const keyOf = (one: ProcessRef): string => sourceKey(asRemembered(one));

/** As it comes back from the memory of the workspace. */
function remembered(...args: Parameters<typeof rememberView>): ReturnType<typeof rememberView> {
  return JSON.parse(JSON.stringify(rememberView(...args))) as ReturnType<typeof rememberView>;
}

function known(present: readonly ProcessRef[], awaited: readonly string[] = []) {
  return {
    find: (one: Parameters<typeof sourceKey>[0]) =>
      present.find((each) => keyOf(each) === sourceKey(one)),
    isAwaited: (folder: string) => awaited.includes(folder),
  };
}

describe('a merged view after a reload', () => {
  it('shows the same processes, and filters as before', () => {
    const filter = { sources: new Set([keyOf(refs[1]!)]), level: 'warn', text: 'GET' } as const;
    assert.deepEqual(restoreView(remembered(refs, filter), known(refs)), { refs, filter });
    assert.deepEqual(restoreView(remembered(refs, noFilter), known(refs))?.filter, noFilter);
  });

  it('waits for the environments of all its folders', () => {
    const both = [ref('db'), ref('db', 'file:///other')];
    const view = remembered(both, noFilter);
    assert.equal(restoreView(view, known(both, ['file:///other'])), undefined);
    assert.equal(restoreView(view, known(both))?.refs.length, 2);
  });

  it('leaves out what is gone, and filters for nothing that is', () => {
    const sources = new Set([keyOf(refs[2]!)]);
    const view = remembered(refs, { ...noFilter, sources });
    const back = restoreView(view, known(refs.slice(0, 2)));
    assert.deepEqual(back, { refs: refs.slice(0, 2), filter: noFilter });
  });
});
