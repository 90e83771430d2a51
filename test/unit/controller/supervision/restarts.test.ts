import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../../../src/base/clock.ts';
import { toDisposable } from '../../../../src/base/disposable.ts';
import type { ProcessModel, RestartPolicy } from '../../../../src/config/model.ts';
import { Environment } from '../../../../src/controller/environment.ts';
import { recoverRuns } from '../../../../src/controller/recovery.ts';
import type { FailureEvent, ProcessSnapshot } from '../../../../src/controller/snapshot.ts';
import { RecordStore } from '../../../../src/store/recordStore.ts';
import { RunHistory } from '../../../../src/store/runHistory.ts';
import { nextHost } from '../../../support/nextHost.ts';
import { StandInRun } from '../../../support/standInRun.ts';
import {
  environmentModel,
  openTestEnvironment,
  processModel,
} from '../../../support/testEnvironment.ts';
import { TurnedClock } from '../../../support/turnedClock.ts';

const sleeper = 'exec sleep 600';
const eager: RestartPolicy = {
  policy: 'on-failure',
  maxRetries: 5,
  delayMs: 10,
  backoff: 1,
  maxDelayMs: 10,
  windowMs: 600_000,
  jitter: 0,
  breaker: undefined,
};
const looping: RestartPolicy = {
  ...eager,
  breaker: { failures: 3, windowMs: 600_000, coolDownMs: 600_000 },
};

function crasher(name: string, restart: RestartPolicy, more: Partial<ProcessModel> = {}) {
  return processModel(name, 'exit 3', { restart, ...more });
}

const hasFailed = ({ state }: ProcessSnapshot): boolean => state === 'failed';

describe('Restarts', () => {
  it('a hundred quick failures: a few starts, one notice, and a breaker that closes by itself', () => {
    const clock = new TurnedClock();
    const runs: StandInRun[] = [];
    const told: FailureEvent[] = [];
    const maxRetries = 8;
    const environment = new Environment({
      model: environmentModel('/nowhere', [
        crasher('crash', {
          ...eager,
          maxRetries,
          delayMs: 1_000,
          maxDelayMs: 1_000,
          breaker: { failures: 5, windowMs: 60_000, coolDownMs: 300_000 },
        }),
      ]),
      stateFolder: { path: '/nowhere', id: '', logFolder: () => '/nowhere' } as never,
      hostEnv: {},
      clock,
      persistence: {
        read: () => Promise.resolve({ records: [], problems: [] }),
        save: () => undefined,
        missing: () => Promise.resolve([]),
        addToHistory: () => undefined,
        forget: () => undefined,
        flush: () => Promise.resolve(),
      },
      createRun: (definition, number, _services, report) =>
        new StandInRun(definition, number, report, { onSpawn: (run) => runs.push(run) }),
    });
    environment.onDidFail((event) => told.push(event));
    void environment.start();
    const breakerEnds: number[] = [];
    for (let failures = 0; failures < 100; failures++) {
      const run = runs[failures];
      if (run === undefined) break;
      const exit = { code: 3, signal: undefined, atMs: clock.now() };
      run.report({ kind: 'spawned', run: run.number });
      run.report({ kind: 'exited', run: run.number, exit });
      run.stage = 'over';
      run.report({ kind: 'gone', run: run.number, survivors: [] });
      const { breakerOpenUntilMs } = environment.process('crash')!;
      if (breakerOpenUntilMs !== undefined) {
        breakerEnds.push(breakerOpenUntilMs);
        clock.advance(breakerOpenUntilMs - clock.now() - 1);
        assert.equal(runs.length, failures + 1, 'it stays open until then');
        clock.advance(1);
        assert.equal(environment.process('crash')?.breakerOpenUntilMs, undefined);
      } else clock.advance(1_000);
    }
    const { state, failure, reason } = environment.process('crash')!;
    assert.deepEqual([state, failure, reason], ['failed', 'exited', reason]);
    assert.match(reason ?? '', /^exit code 3 before it was ready after 0 s, 9 times in 30[67] s$/);
    assert.equal(runs.length, 1 + maxRetries);
    assert.equal(breakerEnds.length, 1);
    assert.deepEqual(
      told.map(({ name, failure: code }) => [name, code]),
      [['crash', 'crash-loop']],
    );
    environment.dispose();
  });

  it('stops a crash loop of a real program, and tells of it once', async () => {
    await using test = await openTestEnvironment([crasher('crash', looping)]);
    const told: FailureEvent[] = [];
    test.environment.onDidFail((event) => told.push(event));
    await test.environment.start();
    const { run, failure, reason, restarts, breakerOpenUntilMs } = await test.until(
      'crash',
      hasFailed,
    );
    assert.deepEqual([run, failure, restarts], [3, 'crash-loop', 3]);
    assert.match(reason ?? '', /^crash loop: exit code 3.* after [\d.]+ s, 3 times in [\d.]+ s$/);
    assert.ok(breakerOpenUntilMs! > Date.now());
    assert.deepEqual(
      told.map(({ failure: code }) => code),
      ['crash-loop'],
    );
  });

  it('closes the breaker by itself, and goes on counting', async () => {
    const breaker = { failures: 2, windowMs: 600_000, coolDownMs: 50 };
    await using test = await openTestEnvironment([
      crasher('crash', { ...eager, maxRetries: 3, breaker }),
    ]);
    const told: FailureEvent[] = [];
    test.environment.onDidFail((event) => told.push(event));
    void test.environment.start();
    const { run, failure, restartCounts } = await test.until(
      'crash',
      ({ state, run: number }) => state === 'failed' && number === 4,
    );
    assert.deepEqual([run, failure, restartCounts], [4, 'exited', { crash: 3 }]);
    assert.equal(told.length, 1);
  });

  it('lets a person close the breaker, but no rule', async () => {
    await using test = await openTestEnvironment([crasher('crash', looping)]);
    await test.environment.start();
    const before = await test.until('crash', hasFailed);
    await test.environment.start(['crash'], { by: 'schedule' });
    assert.deepEqual(test.environment.process('crash'), before);
    void test.environment.start(['crash']);
    const { run, restarts } = await test.until('crash', (now) => now.run === 6 && hasFailed(now));
    assert.deepEqual([run, restarts], [6, 3]);
  });

  it('ends the pause of a crash loop with a stop', async () => {
    await using test = await openTestEnvironment([crasher('crash', looping)]);
    await test.environment.start();
    await test.until('crash', hasFailed);
    await test.environment.stop(['crash']);
    const { state, breakerOpenUntilMs, nextStartAtMs } = test.environment.process('crash')!;
    assert.deepEqual([state, breakerOpenUntilMs, nextStartAtMs], ['stopped', undefined, undefined]);
  });

  it('ends the pause of a crash loop that is no longer in the file', async () => {
    const pauses = new Set<object>();
    const clock: Clock = {
      now: () => systemClock.now(),
      schedule(delayMs, action) {
        const timer = systemClock.schedule(delayMs, action);
        if (delayMs === looping.breaker?.coolDownMs) pauses.add(timer);
        return toDisposable(() => {
          pauses.delete(timer);
          timer.dispose();
        });
      },
    };
    await using test = await openTestEnvironment([crasher('crash', looping)], {}, { clock });
    await test.environment.start();
    await test.until('crash', hasFailed);
    assert.equal(pauses.size, 1);
    test.environment.setModel(environmentModel(test.folder, []));
    assert.deepEqual([test.environment.process('crash'), pauses.size], [undefined, 0]);
  });

  it('does not go on by itself after a start of the machine', async () => {
    await using test = await openTestEnvironment([crasher('crash', looping)]);
    await test.environment.start();
    await test.until('crash', hasFailed);
    await test.environment.flush();
    const records = new RecordStore({ folder: test.stateFolder, onWriteError: assert.ifError });
    const [record] = (await records.readAll('look')).records;
    records.writeSync({ ...record!, bootedAtMs: record!.bootedAtMs - 86_400_000 });
    const [recovered] = await recoverRuns((await records.readAll('look')).records, systemClock);
    assert.equal(recovered?.status.state.name, 'stopped');
  });

  it('knows after the end of the host what was counted, and when the breaker closes', async () => {
    await using test = await openTestEnvironment([crasher('crash', looping)]);
    await test.environment.start();
    const before = await test.until('crash', hasFailed);
    await using next = await nextHost(test);
    assert.deepEqual(next.environment.process('crash'), { ...before, logPath: before.logPath });
  });

  it('closes in the next host what the last one left open', async () => {
    const breaker = { failures: 2, windowMs: 600_000, coolDownMs: 1_000 };
    await using test = await openTestEnvironment([
      crasher('crash', { ...eager, maxRetries: 2, breaker }),
    ]);
    void test.environment.start();
    await test.until('crash', hasFailed);
    await using next = await nextHost(test);
    const told: FailureEvent[] = [];
    next.environment.onDidFail((event) => told.push(event));
    const { run } = await next.until('crash', ({ failure }) => failure === 'exited');
    assert.equal(run, 3);
    assert.deepEqual(told, [], 'the incident was told of in the host before');
  });

  it('starts again what failed because of a crash loop', async () => {
    const breaker = { failures: 1, windowMs: 600_000, coolDownMs: 500 };
    await using test = await openTestEnvironment([
      crasher('db', { ...eager, breaker }),
      processModel('api', sleeper, { dependsOn: [{ name: 'db', condition: 'ready' }] }),
      processModel('web', sleeper, { dependsOn: [{ name: 'api', condition: 'ready' }] }),
    ]);
    const flag = join(test.folder, 'well');
    const model = environmentModel(test.folder, [
      crasher(
        'db',
        { ...eager, breaker },
        {
          command: `test -e ${flag} && exec sleep 600`,
          ready: { kind: 'command', command: `test -e ${flag}`, timeoutMs: 30_000 },
        },
      ),
      ...test.environment.model.processes.slice(1),
    ]);
    test.environment.setModel(model);
    const result = await test.environment.start();
    assert.deepEqual(result.failed.map(({ name }) => name).sort(), ['api', 'db', 'web']);
    assert.match(
      test.environment.process('web')?.reason ?? '',
      /^needs db: it failed \(crash loop/,
    );
    await writeFile(flag, '');
    await test.until('web', ({ state }) => state === 'running');
    await rm(flag);
  });

  it('tells in history and counts what began each restart', async () => {
    await using test = await openTestEnvironment([
      processModel('api', sleeper, { restart: eager }),
    ]);
    const { environment } = test;
    await environment.start();
    await environment.restart(['api']);
    await environment.restart(['api'], { by: 'watch', detail: 'src/main.ts' });
    process.kill(environment.process('api')!.pid!, 'SIGKILL');
    await test.until('api', ({ run, state }) => run === 4 && state === 'running');
    environment.giveUp('api', {
      run: 4,
      code: 'limit-exceeded',
      why: 'memory 600 MB of 512 MB',
      action: 'restart',
    });
    const { restartCounts, restarts } = await test.until(
      'api',
      ({ run, state }) => run === 5 && state === 'running',
    );
    assert.deepEqual(restartCounts, { you: 1, watch: 1, crash: 1, limit: 1 });
    assert.equal(restarts, 2, 'those that were wanted are no failures');
    await environment.flush();
    const runs = await new RunHistory(test.stateFolder).read('api');
    assert.deepEqual(
      runs.map(({ endedBy, why }) => [endedBy, why]),
      [
        ['you', 'by you'],
        ['watch', 'because src/main.ts changed'],
        ['crash', 'ended by SIGKILL'],
        ['limit', 'memory 600 MB of 512 MB'],
      ],
    );
  });

  it('restarts after a dependency what wants that, in order, and leaves the others alone', async () => {
    const follow = (name: string) => [{ name, condition: 'ready', restart: true }] as const;
    await using test = await openTestEnvironment([
      processModel('db', sleeper, { restart: eager }),
      processModel('api', sleeper, { dependsOn: follow('db') }),
      processModel('web', sleeper, { dependsOn: follow('api') }),
      processModel('other', sleeper, { dependsOn: [{ name: 'db', condition: 'ready' }] }),
    ]);
    const { environment } = test;
    await environment.start();
    const begun: string[] = [];
    environment.onDidRun(({ kind, name }) => kind === 'began' && begun.push(name));
    process.kill(environment.process('db')!.pid!, 'SIGKILL');
    await test.until('web', ({ run, state }) => run === 2 && state === 'running');
    assert.deepEqual(begun, ['db', 'api', 'web']);
    assert.equal(environment.process('other')?.run, 1);
    assert.deepEqual(environment.process('api')?.restartCounts, { dependency: 1 });
    assert.equal(environment.process('api')?.restarts, 0);
  });
});
