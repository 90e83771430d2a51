import assert from 'node:assert/strict';
import type { RequestedBy } from '../../../src/controller/snapshot.ts';
import type { Cause, ProcessState } from '../../../src/controller/state.ts';
import { type NeededProcess, stoppedNeed } from '../../../src/controller/stoppedNeeds.ts';
import { openTestEnvironment, processModel } from '../../support/testEnvironment.ts';

const sleeper = 'exec sleep 600';
const needs = (...names: string[]) => ({
  dependsOn: names.map((name) => ({ name, condition: 'ready' as const })),
});
const by = (person: RequestedBy): Cause => ({ kind: 'requested', by: person, through: undefined });
const stopped = (cause: Cause): ProcessState => ({ name: 'stopped', cause });
const running: ProcessState = { name: 'running' };
const failed: ProcessState = {
  name: 'failed',
  failure: { code: 'exited', cause: by('you'), restarts: 0 },
};
const ending: ProcessState = {
  name: 'stopping',
  phase: 'terminating',
  isSpawned: true,
  then: { kind: 'stopped', cause: by('you') },
};

describe('What a rule must not start', () => {
  /** web needs api, which needs db. */
  const table: [title: string, db: ProcessState, api: ProcessState, need: string | undefined][] = [
    ['nothing, when all is there', running, running, undefined],
    ['what a person stopped', running, stopped(by('you')), 'api'],
    ['what a person is just stopping', running, ending, 'api'],
    ['what that needs which is down', stopped(by('you')), failed, 'db'],
    [
      'nothing that is not needed, since api runs without it',
      stopped(by('you')),
      running,
      undefined,
    ],
    ['nothing that was never started', { name: 'stopped' }, { name: 'stopped' }, undefined],
    [
      'nothing that was taken back with a start that failed',
      stopped(by('rollback')),
      failed,
      undefined,
    ],
  ];
  for (const [title, db, api, need] of table) {
    it(title, () => {
      const processes: Record<string, NeededProcess> = {
        db: { definition: needs(), state: db },
        api: { definition: needs('db'), state: api },
        web: { definition: needs('api'), state: running },
      };
      assert.equal(
        stoppedNeed('web', (name) => processes[name]),
        need,
      );
    });
  }
});

describe('A restart by a rule', () => {
  for (const kind of ['start', 'restart'] as const) {
    it(`(${kind}) starts nothing that a person stopped alone, leaves alone what needs it, and says why`, async () => {
      await using test = await openTestEnvironment([
        processModel('db', sleeper),
        processModel('web', sleeper, needs('db')),
        processModel('other', sleeper),
      ]);
      const { environment } = test;
      await environment.start();
      await environment.stop(['db'], { withDependents: false });
      const before = environment.process('web');
      const result = await environment[kind](['web', 'other'], { by: 'schedule' });
      assert.deepEqual(result.succeeded, ['other']);
      assert.deepEqual(result.failed, [{ name: 'web', reason: 'it needs db, which you stopped' }]);
      assert.deepEqual(environment.process('web'), before);
      assert.equal(environment.process('db')?.state, 'stopped');
      // A person's word is another matter.
      await environment.restart(['web']);
      assert.equal(environment.process('db')?.state, 'running');
      assert.equal(environment.process('web')?.run, 2);
    });
  }

  it('does without what is not needed for it now', async () => {
    await using test = await openTestEnvironment([
      processModel('db', sleeper),
      processModel('api', sleeper, needs('db')),
      processModel('web', sleeper, needs('api')),
    ]);
    const { environment } = test;
    await environment.start();
    await environment.stop(['db'], { withDependents: false });
    const result = await environment.restart(['web'], { by: 'watch' });
    assert.deepEqual(result.succeeded, ['web']);
    assert.equal(environment.process('db')?.state, 'stopped');
  });
});
