import assert from 'node:assert/strict';
import { shareScan } from '../../../src/process/sharedScan.ts';

describe('shareScan', () => {
  /** Scans that end when they are told to. */
  function controlled() {
    const scans: { requests: readonly string[]; end: (result: number) => void }[] = [];
    const fail: ((error: Error) => void)[] = [];
    const ask = shareScan<string, number>(
      (requests) =>
        new Promise((resolve, reject) => {
          scans.push({ requests, end: resolve });
          fail.push(reject);
        }),
    );
    return { ask, scans, fail };
  }

  /** Two turns of the event loop: in the first, a scan begins. */
  const turn = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  };

  it('makes one scan for those who ask in the same turn', async () => {
    const { ask, scans } = controlled();
    const answers = [ask('a'), ask('b'), ask('c')];
    await turn();
    assert.deepEqual(
      scans.map(({ requests }) => requests),
      [['a', 'b', 'c']],
    );
    scans[0]!.end(1);
    assert.deepEqual(await Promise.all(answers), [1, 1, 1]);
  });

  it('makes one scan for those whose timers are due at the same time', async () => {
    const { ask, scans } = controlled();
    const asked = [1, 2, 3].map(
      (name) =>
        new Promise<void>((resolve) => {
          setTimeout(() => {
            void ask(String(name));
            resolve();
          }, 1);
        }),
    );
    // All are due by then, each with its own microtasks.
    for (const endMs = performance.now() + 5; performance.now() < endMs;);
    await Promise.all(asked);
    await turn();
    assert.deepEqual(
      scans.map(({ requests }) => requests),
      [['1', '2', '3']],
    );
  });

  it('gives nobody a scan that began before the question', async () => {
    const { ask, scans } = controlled();
    const early = ask('early');
    await turn();
    const late = [ask('late'), ask('later')];
    await turn();
    assert.equal(scans.length, 1, 'the second waits for the first');
    scans[0]!.end(1);
    assert.equal(await early, 1);
    await turn();
    assert.deepEqual(scans[1]!.requests, ['late', 'later']);
    scans[1]!.end(2);
    assert.deepEqual(await Promise.all(late), [2, 2]);
  });

  it('goes on after a scan that failed', async () => {
    const { ask, scans, fail } = controlled();
    const first = ask('first');
    await turn();
    const second = ask('second');
    fail[0]!(new Error('no table'));
    await assert.rejects(first, /no table/);
    await turn();
    scans[1]!.end(2);
    assert.equal(await second, 2);
  });
});
