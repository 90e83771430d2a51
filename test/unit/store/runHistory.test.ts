import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { type FinishedRun, RunHistory } from '../../../src/store/runHistory.ts';
import { openStateFolder, type StateFolder } from '../../../src/store/stateFolder.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const finished = (run: number): FinishedRun => ({
  run,
  runId: `id-${run}`,
  startedAtMs: run * 1000,
  readyAfterMs: 12.5,
  endedAtMs: run * 1000 + 500,
  code: 0,
  why: 'you',
});
const runs = (from: number, to: number): FinishedRun[] =>
  [...Array(to - from + 1).keys()].map((i) => finished(from + i));

describe('RunHistory', () => {
  let folder: StateFolder;
  beforeEach(async () => {
    folder = await openStateFolder(temporaryFolder(), temporaryFolder());
  });

  it('is empty at first', async () => {
    assert.deepEqual(await new RunHistory(folder).read('api'), []);
  });

  it('keeps the last 50 runs, in order, however they are added', async () => {
    const history = new RunHistory(folder);
    await Promise.all(runs(1, 260).map((run) => history.add('api', run)));
    assert.deepEqual(await history.read('api'), runs(211, 260));
    assert.ok(readFileSync(folder.historyPath('api'), 'utf8').split('\n').length <= 101);
    assert.deepEqual(await history.read('db'), []);
  });

  it('goes on in another host', async () => {
    await new RunHistory(folder).add('api', finished(1));
    const next = new RunHistory(folder);
    await next.add('api', finished(2));
    assert.deepEqual(await next.read('api'), runs(1, 2));
  });

  it('counts a run once that was added twice', async () => {
    await new RunHistory(folder).add('api', finished(1));
    const next = new RunHistory(folder);
    await next.add('api', { ...finished(1), why: 'seen again' });
    assert.deepEqual(await next.read('api'), [{ ...finished(1), why: 'seen again' }]);
  });

  it('loses a broken line only, at whatever byte it broke', async () => {
    const length = JSON.stringify(finished(2)).length;
    for (let kept = 0; kept < length; kept += 1) {
      const name = `p${kept}`;
      const first = new RunHistory(folder);
      for (const run of runs(1, 2)) await first.add(name, run);
      const file = folder.historyPath(name);
      truncateSync(file, readFileSync(file).length - 1 - length + kept);
      const next = new RunHistory(folder);
      await next.add(name, finished(3));
      assert.deepEqual(await next.read(name), [finished(1), finished(3)]);
    }
  });

  it('passes over what it does not know', async () => {
    const history = new RunHistory(folder);
    await history.add('api', finished(1));
    appendFileSync(folder.historyPath('api'), 'null\n[]\n{"run":"x"}\n\n\u0000\n');
    await history.add('api', finished(2));
    assert.deepEqual(await history.read('api'), runs(1, 2));
  });
});
