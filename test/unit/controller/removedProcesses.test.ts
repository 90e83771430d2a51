import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { StandInRun } from '../../support/standInRun.ts';
import {
  environmentModel,
  openTestEnvironment,
  processModel,
  type TestEnvironment,
} from '../../support/testEnvironment.ts';
import { until } from '../../support/until.ts';

interface Subject extends TestEnvironment {
  /** The one run there is. */
  readonly run: StandInRun;
  /** Plays that these are left after all tries to end it. */
  survive(pids: readonly number[]): Promise<void>;
}

/** A process that ends when the test says so, since no real one can refuse SIGKILL. */
async function started(): Promise<Subject> {
  const runs: StandInRun[] = [];
  const test = await openTestEnvironment(
    [processModel('old', 'stand-in')],
    {},
    {
      createRun: (definition, number, _services, report) =>
        new StandInRun(definition, number, report, { onSpawn: (run) => runs.push(run) }),
    },
  );
  void test.environment.start();
  const run = runs[0]!;
  run.report({ kind: 'spawned', run: 1 });
  run.report({ kind: 'ready', run: 1 });
  return Object.assign(test, {
    run,
    async survive(pids: readonly number[]) {
      await until('a try to end it', () => run.isEnding);
      run.isEnding = false;
      run.report({ kind: 'gone', run: 1, survivors: pids });
    },
  });
}

describe('A process that is no longer in the file', () => {
  for (const order of ['before', 'after'] as const) {
    it(`is kept, ${order} it could not be stopped, until the last of it has ended`, async () => {
      const survivors = [0, 1].map(() => spawn('sleep', ['600']));
      await using test = await started();
      const { environment, stateFolder } = test;
      const remove = (): void => void environment.setModel(environmentModel(test.folder, []));
      if (order === 'before') remove();
      void environment.stop(['old']);
      await test.survive(survivors.map(({ pid }) => pid!));
      if (order === 'after') remove();
      const kept = environment.process('old');
      assert.deepEqual([kept?.isRemoved, kept?.failure], [true, 'not-stopped']);
      for (const survivor of survivors) {
        assert.equal(test.run.isEnding, false, 'something of it is alive');
        survivor.kill('SIGKILL');
        await once(survivor, 'close');
      }
      // That those have ended is no proof that nobody else is left.
      await test.survive([process.pid]);
      assert.match(environment.process('old')?.reason ?? '', new RegExp(String(process.pid)));
      await environment.flush();
      assert.equal(existsSync(stateFolder.recordPath('old')), true);
      void environment.stop(['old']);
      await test.survive([]);
      assert.equal(environment.process('old'), undefined);
      await environment.flush();
      await until('the end of its record', () => !existsSync(stateFolder.recordPath('old')));
    });
  }
});
