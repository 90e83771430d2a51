import assert from 'node:assert/strict';
import { decideScheduled, occupationOf } from '../../../src/triggers/scheduleDecision.ts';
import { decideWatch } from '../../../src/triggers/watchDecision.ts';
import { addRestart, isLoop, type WatchRestart } from '../../../src/triggers/watchLoop.ts';

describe('decideScheduled', () => {
  it('starts what is down and restarts a service that is up, whatever the overlap', () => {
    for (const overlap of ['skip', 'queue', 'replace'] as const) {
      assert.equal(decideScheduled(overlap, 'idle'), 'start');
      assert.equal(decideScheduled(overlap, 'up'), 'restart');
    }
  });

  it('asks the overlap where the run before is not over', () => {
    assert.equal(decideScheduled('skip', 'busy'), 'skip');
    assert.equal(decideScheduled('queue', 'busy'), 'queue');
    assert.equal(decideScheduled('replace', 'busy'), 'restart');
  });

  it('takes a task for busy while it works, and a service for up', () => {
    assert.equal(occupationOf('task', 'running'), 'busy');
    assert.equal(occupationOf('service', 'running'), 'up');
    for (const state of ['waiting', 'starting', 'stopping']) {
      assert.equal(occupationOf('service', state), 'busy');
    }
    for (const state of ['stopped', 'completed', 'failed', 'backoff']) {
      assert.equal(occupationOf('task', state), 'idle');
    }
  });
});

describe('decideWatch', () => {
  const table: [state: string, isDownByRequest: boolean, action: string][] = [
    ['running', false, 'restart'],
    ['starting', false, 'restart'],
    ['stopping', false, 'later'],
    ['waiting', false, 'nothing'],
    ['backoff', false, 'start'],
    ['failed', false, 'start'],
    ['completed', false, 'start'],
    ['stopped', false, 'start'],
    ['stopped', true, 'nothing'],
  ];
  for (const [state, isDownByRequest, action] of table) {
    it(`${state}${isDownByRequest ? ' by a person' : ''}: ${action}`, () => {
      const facts = { kind: 'service', run: 1, startedAtMs: 0, stoppedNeed: undefined } as const;
      assert.equal(decideWatch({ ...facts, state, isDownByRequest }), action);
    });
  }
});

describe('The watch of loops', () => {
  const row = (...restarts: [file: string, afterStartMs: number][]): readonly WatchRestart[] =>
    restarts
      .map(([file, afterStartMs]) => ({ file, afterStartMs }))
      .reduce<readonly WatchRestart[]>(addRestart, []);
  const repeated = (file: string, ...delays: number[]): readonly WatchRestart[] =>
    row(...delays.map((delayMs): [string, number] => [file, delayMs]));

  it('sees a file that changes right after each start', () => {
    assert(isLoop(repeated('dist/app.js', 300, 2_900, 120, 700, 400)));
  });
  it('sees one that changes late, but always after the same time', () => {
    assert(isLoop(repeated('dist/app.js', 8_000, 8_400, 7_900, 8_100, 8_200)));
  });
  it('waits for the fifth time', () => {
    assert(!isLoop(repeated('dist/app.js', 300, 300, 300, 300)));
  });
  it('does not take a person who saves often for one', () => {
    assert(!isLoop(repeated('src/app.ts', 2_000, 5_000, 12_000, 3_000, 7_000, 4_000)));
  });
  it('does not take changes of several files for one', () => {
    assert(!isLoop(row(['a', 100], ['b', 100], ['a', 100], ['b', 100], ['a', 100], ['b', 100])));
  });
  it('forgets what was before a run that lasted', () => {
    assert(!isLoop(repeated('dist/app.js', 300, 300, 300, 300, 60_000, 300)));
  });
  it('finds a loop that begins after a quiet time', () => {
    assert(isLoop(repeated('a', 60_000, 300, 300, 300, 300, 300)));
  });
});
