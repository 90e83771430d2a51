import assert from 'node:assert/strict';
import type { Dependency } from '../../../src/config/model.ts';
import type { StateName } from '../../../src/controller/snapshot.ts';
import {
  addToTimeline,
  beginTimeline,
  criticalChain,
  type Timeline,
} from '../../../src/controller/timeline.ts';
import { keptTransitions, TransitionLog } from '../../../src/controller/transitionLog.ts';

type Change = [name: string, state: StateName, atMs: number];

const tasks = new Set(['migrate']);

function timelineOf(names: readonly string[], ...changes: Change[]): Timeline {
  return changes.reduce(
    (timeline, [name, state, atMs]) => addToTimeline(timeline, name, state, atMs, tasks.has(name)),
    beginTimeline(0, 'you', names),
  );
}

describe('A timeline', () => {
  it('notes when each process waited, started and was up', () => {
    const timeline = timelineOf(
      ['db', 'migrate'],
      ['db', 'waiting', 1],
      ['db', 'starting', 2],
      ['db', 'running', 50],
      ['migrate', 'starting', 51],
      ['migrate', 'running', 52],
      ['migrate', 'stopping', 80],
      ['migrate', 'completed', 90],
      ['db', 'failed', 200],
    );
    assert.equal(timeline.endedAtMs, 90);
    assert.deepEqual(
      timeline.entries.map(({ name, startedAtMs, upAtMs, hasFailed }) => [
        name,
        startedAtMs,
        upAtMs,
        hasFailed,
      ]),
      [
        ['db', 2, 50, false],
        ['migrate', 51, 90, false],
      ],
    );
  });

  it('is over when all are up or have ended', () => {
    const changes: Change[] = [
      ['a', 'starting', 1],
      ['b', 'starting', 1],
      ['a', 'running', 5],
    ];
    assert.equal(timelineOf(['a', 'b'], ...changes).endedAtMs, undefined);
    const failed = timelineOf(['a', 'b'], ...changes, ['b', 'failed', 9]);
    assert.equal(failed.endedAtMs, 9);
    assert(failed.entries[1]?.hasFailed);
    assert.equal(timelineOf(['a', 'b'], ...changes, ['b', 'stopped', 7]).endedAtMs, 7);
  });

  it('knows the chain that decided how long it took', () => {
    const dependencies: Record<string, Dependency[]> = {
      migrate: [{ name: 'db', condition: 'ready' }],
      api: [
        { name: 'migrate', condition: 'completed' },
        { name: 'cache', condition: 'ready' },
      ],
      web: [{ name: 'api', condition: 'started' }],
    };
    const timeline = timelineOf(
      ['db', 'cache', 'migrate', 'api', 'web'],
      ['db', 'starting', 1],
      ['cache', 'starting', 1],
      ['cache', 'running', 10],
      ['db', 'running', 20],
      ['migrate', 'starting', 21],
      ['migrate', 'completed', 60],
      ['api', 'starting', 61],
      ['web', 'starting', 62],
      ['api', 'running', 70],
      ['web', 'running', 90],
    );
    const chain = criticalChain(timeline, (name) => dependencies[name] ?? []);
    assert.deepEqual(chain, ['db', 'migrate', 'api', 'web']);
  });
});

describe('The log of transitions', () => {
  it('keeps the last ones of each process, one for each state of a run', () => {
    const log = new TransitionLog();
    const add = (state: StateName, run: number, atMs: number, why?: string): void => {
      log.add('api', { atMs, state, run, why });
    };
    add('starting', 1, 1);
    add('stopping', 1, 2, 'by you');
    add('stopping', 1, 3, 'exit code 1');
    assert.deepEqual(log.of('api').at(-1), {
      atMs: 2,
      state: 'stopping',
      run: 1,
      why: 'exit code 1',
    });
    for (let run = 2; run < 100; run++) add('starting', run, run);
    assert.equal(log.of('api').length, keptTransitions);
    assert.deepEqual(log.of('other'), []);
  });
});
