import assert from 'node:assert/strict';
import type { StateName } from '../../../src/controller/snapshot.ts';
import { abilities, contextValue, count } from '../../../src/vscode/processFacts.ts';
import { exampleSnapshot } from './exampleSnapshot.ts';

describe('processFacts', () => {
  const expected: Record<StateName, string[]> = {
    stopped: ['canStart'],
    waiting: ['canStop'],
    starting: ['canStop', 'canRestart'],
    running: ['canStop', 'canRestart'],
    stopping: [],
    backoff: ['canStart', 'canStop'],
    completed: ['canStart'],
    failed: ['canStart'],
  };
  for (const [state, can] of Object.entries(expected)) {
    it(`knows what can be done with a process that is ${state}`, () => {
      const found = abilities(exampleSnapshot({ state: state as StateName }));
      assert.deepEqual([...found], can);
    });
  }

  it('offers to stop what could not be stopped before', () => {
    const process = exampleSnapshot({ state: 'failed', failure: 'not-stopped' });
    assert.ok(abilities(process).has('canStop'));
  });

  it('offers to resolve a port conflict, as long as the process is in the file', () => {
    const process = exampleSnapshot({ state: 'failed', failure: 'port-in-use' });
    assert.ok(abilities(process).has('hasPortConflict'));
    assert.ok(!abilities({ ...process, isRemoved: true }).has('hasPortConflict'));
  });

  it('offers nothing but the stop of a process that is no longer in the file', () => {
    const process = exampleSnapshot({ state: 'running', isRemoved: true, hasPendingChange: true });
    assert.deepEqual([...abilities(process)], ['canStop', 'isRemoved']);
  });

  it('puts every token of the context value between dots', () => {
    const value = contextValue(
      exampleSnapshot({
        state: 'running',
        url: 'http://localhost:3000',
        pid: 12,
        logPath: '/state/1.log',
        dependsOn: [{ name: 'db', condition: 'ready' }],
        dependents: ['web'],
        hasPendingChange: true,
      }),
    );
    assert.equal(
      value,
      '.process.service.running.canStop.canRestart.hasLog.hasUrl.hasPid.hasDependencies.hasDependents.isChanged.',
    );
  });

  it('counts a task that ended well among those that are up', () => {
    const counts = count([
      exampleSnapshot({ state: 'completed', kind: 'task' }),
      exampleSnapshot({ state: 'running', hasPendingChange: true }),
      exampleSnapshot({ state: 'running', health: 'unhealthy' }),
      exampleSnapshot({ state: 'failed' }),
      exampleSnapshot({ state: 'waiting' }),
      exampleSnapshot({ state: 'stopping' }),
      exampleSnapshot({ state: 'backoff' }),
    ]);
    assert.deepEqual(counts, {
      total: 7,
      well: 2,
      failed: 1,
      unhealthy: 1,
      underWay: 1,
      stopping: 1,
      backoff: 1,
      active: 5,
      changed: 1,
    });
  });
});
