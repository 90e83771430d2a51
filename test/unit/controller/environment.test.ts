import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Dependency, ProcessModel } from '../../../src/config/model.ts';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { toDisposable } from '../../../src/base/disposable.ts';
import { DevEnvError } from '../../../src/base/errors.ts';
import { Environment } from '../../../src/controller/environment.ts';
import { findMarked } from '../../../src/process/linuxMarkers.ts';
import { freePort, isPortFree } from '../../../src/process/ports.ts';
import { nextHost } from '../../support/nextHost.ts';
import {
  environmentModel,
  openTestEnvironment,
  processModel,
  program,
} from '../../support/testEnvironment.ts';
import { until } from '../../support/until.ts';

const needs = (name: string, condition: Dependency['condition'] = 'ready'): Dependency[] => [
  { name, condition },
];
const sleeper = 'exec sleep 600';
const noRestart = processModel('any', 'true').restart;

/** A server that is ready once it listens. */
async function server(name: string, more: Partial<ProcessModel> = {}): Promise<ProcessModel> {
  const port = await freePort();
  return processModel(name, [process.execPath, program('serve.mjs')], {
    port,
    ready: { kind: 'tcp', host: 'localhost', port, timeoutMs: 2_000 },
    ...more,
  });
}

describe('Environment', () => {
  it('starts each process when what it depends on is ready or has completed', async () => {
    const db = await server('db', { env: { DELAY_MS: '150' } });
    await using test = await openTestEnvironment([
      processModel('api', sleeper, { dependsOn: [...needs('migrate', 'completed')] }),
      processModel('migrate', 'true', { kind: 'task', dependsOn: needs('db') }),
      db,
    ]);
    const result = await test.environment.start();
    assert.deepEqual(result.failed, []);
    assert.deepEqual(new Set(result.succeeded), new Set(['db', 'migrate', 'api']));
    const [api, migrate, database] = ['api', 'migrate', 'db'].map((name) =>
      test.environment.process(name)!,
    );
    assert.ok(database!.readyAtMs! <= migrate!.startedAtMs!, 'db was ready before migrate');
    assert.ok(migrate!.lastExit!.atMs <= api!.startedAtMs!, 'migrate completed before api');
    assert.equal(migrate!.state, 'completed');
  });

  it('stops dependents first, and leaves no process and no port behind', async () => {
    const db = await server('db');
    await using test = await openTestEnvironment([
      db,
      processModel('api', sleeper, { dependsOn: needs('db') }),
      processModel('web', sleeper, { dependsOn: needs('api') }),
    ]);
    await test.environment.start();
    const ends: string[] = [];
    test.environment.onDidRun((run) => {
      if (run.kind === 'ended') ends.push(run.name);
    });
    const result = await test.environment.stop(['db']);
    assert.deepEqual(ends, ['web', 'api', 'db']);
    assert.deepEqual(new Set(result.succeeded), new Set(['db', 'api', 'web']));
    assert.ok(await isPortFree(db.port!));
    assert.equal(test.environment.process('web')?.reason, 'because of db');
  });

  it('starts a process with what it needs, and nothing else', async () => {
    await using test = await openTestEnvironment([
      processModel('db', sleeper),
      processModel('api', sleeper, { dependsOn: needs('db') }),
      processModel('web', sleeper, { dependsOn: needs('api') }),
    ]);
    await test.environment.start(['api']);
    assert.deepEqual(
      test.environment.processes().map((process) => process.state),
      ['running', 'running', 'stopped'],
    );
  });

  it('starts a process alone when told to', async () => {
    await using test = await openTestEnvironment([
      processModel('db', sleeper),
      processModel('api', sleeper, { dependsOn: needs('db') }),
    ]);
    await test.environment.start(['api'], { withDependencies: false });
    assert.deepEqual(
      test.environment.processes().map((process) => process.state),
      ['stopped', 'running'],
    );
  });

  it('ends those who wait for a dependency that failed, down a chain, with the reason', async () => {
    const chain = Array.from({ length: 200 }, (_, index) =>
      processModel(`p${index}`, index === 0 ? 'exit 3' : sleeper, {
        kind: index === 0 ? 'task' : 'service',
        dependsOn: index === 0 ? [] : needs(`p${index - 1}`, index === 1 ? 'completed' : 'ready'),
      }),
    );
    await using test = await openTestEnvironment(chain);
    const failures: string[] = [];
    test.environment.onDidFail((failure) => failures.push(failure.failure));
    const result = await test.environment.start();
    assert.equal(result.failed.length, 200);
    assert.equal(test.environment.process('p0')?.reason, 'exit code 3');
    assert.equal(test.environment.process('p1')?.reason, 'needs p0: it failed (exit code 3)');
    assert.equal(test.environment.process('p199')?.reason, 'needs p0: it failed (exit code 3)');
    assert.equal(failures.filter((code) => code === 'dependency-failed').length, 199);
  });

  it('keeps what runs when a start fails part-way', async () => {
    await using test = await openTestEnvironment([
      processModel('good', sleeper),
      processModel('bad', 'exit 1', { kind: 'task' }),
    ]);
    await test.environment.start();
    assert.equal(test.environment.process('good')?.state, 'running');
  });

  it('takes back what it started when told to roll back', async () => {
    await using test = await openTestEnvironment(
      [
        processModel('before', sleeper),
        processModel('good', sleeper),
        processModel('bad', 'exit 1', { kind: 'task' }),
      ],
      { onStartFailure: 'rollback' },
    );
    await test.environment.start(['before']);
    const result = await test.environment.start();
    assert.deepEqual(result.failed, [{ name: 'bad', reason: 'exit code 1' }]);
    assert.deepEqual(
      test.environment.processes().map((process) => process.state),
      ['running', 'stopped', 'failed'],
    );
  });

  it('takes back nothing that others asked for', async () => {
    const gate = await mkdtemp(join(tmpdir(), 'dev-env-gate-'));
    await using test = await openTestEnvironment(
      [
        processModel('earlier', sleeper, { ready: whenOpen('earlier') }),
        processModel('mine', sleeper),
        processModel('theirs', sleeper),
        processModel('bad', 'until test -e $GATE/bad; do sleep 0.02; done; exit 1', {
          kind: 'task',
          env: { GATE: gate },
        }),
      ],
      { onStartFailure: 'rollback' },
    );
    const { environment } = test;
    const earlier = environment.start(['earlier']);
    const all = environment.start();
    await test.until('mine', ({ state }) => state === 'running');
    await environment.start(['theirs']);
    await writeFile(join(gate, 'earlier'), '');
    await earlier;
    await writeFile(join(gate, 'bad'), '');
    await all;
    assert.deepEqual(
      environment.processes().map(({ state }) => state),
      ['running', 'stopped', 'running', 'failed'],
    );
    await environment.stop();
    await rm(gate, { recursive: true });

    function whenOpen(name: string): ProcessModel['ready'] {
      return { kind: 'command', command: `test -e ${join(gate, name)}`, timeoutMs: 30_000 };
    }
  });

  it('leaves to the next host what waits for its environment', async () => {
    const forever = [process.execPath, '-e', 'setInterval(() => {}, 1000)'] as const;
    await using test = await openTestEnvironment([
      processModel('api', sleeper, { envCommands: [{ command: forever, timeoutMs: 600_000 }] }),
    ]);
    void test.environment.start();
    await test.until('api', ({ state }) => state === 'starting');
    await using next = await nextHost(test);
    assert.equal((await next.until('api', ({ run }) => run === 2)).state, 'starting');
    await next.environment.stop();
    assert.equal(next.environment.process('api')?.state, 'stopped');
  });

  it('does not take a program of env_command for the one that it was to prepare', async () => {
    if (process.platform !== 'linux') return;
    const forever = [process.execPath, '-e', 'setInterval(() => {}, 1000)'] as const;
    await using test = await openTestEnvironment([
      processModel('api', sleeper, { envCommands: [{ command: forever, timeoutMs: 600_000 }] }),
    ]);
    void test.environment.start();
    const preparing = async (): Promise<number | undefined> =>
      [...(await findMarked()).values()].find(
        ({ stateFolder }) => stateFolder === test.stateFolder.path,
      )?.pids[0];
    const first = await until('the program of env_command', preparing);
    // As after a host that was killed.
    const { model } = test.environment;
    const { stateFolder } = test;
    const next = new Environment({ model, stateFolder, hostEnv: process.env });
    await next.recover();
    const { state, pid, run } = next.process('api')!;
    assert.deepEqual([state, pid, run], ['starting', undefined, 2]);
    await next.stop();
    next.dispose();
    await next.flush();
    await until('its end', async () => ((await preparing()) === first ? undefined : true));
  });

  it('cancels a start at any moment', async () => {
    const slow = await server('slow', { env: { DELAY_MS: '60000' } });
    await using test = await openTestEnvironment([
      slow,
      processModel('api', sleeper, { dependsOn: needs('slow') }),
    ]);
    const starting = test.environment.start();
    await test.until('slow', (process) => process.pid !== undefined);
    await test.environment.stop();
    assert.deepEqual(new Set((await starting).cancelled), new Set(['slow', 'api']));
    assert.equal(test.environment.process('api')?.run, 0);
  });

  it('runs nothing of a start that is taken back at once', async () => {
    await using test = await openTestEnvironment(
      Array.from({ length: 10 }, (_, index) => processModel(`p${index}`, 'echo ran; sleep 600')),
    );
    const started = test.environment.start();
    await test.environment.stop();
    assert.equal((await started).cancelled.length, 10);
    for (const { logPath } of test.environment.processes()) {
      const text = await readFile(logPath!, 'utf8').catch(() => '');
      assert.equal(text, '');
    }
  });

  it('settles what is under way when it is let go of', async () => {
    const slow = await server('slow', { env: { DELAY_MS: '60000' } });
    const test = await openTestEnvironment([slow]);
    const started = test.environment.start();
    const { pid } = await test.until('slow', (process) => process.pid !== undefined);
    test.environment.dispose();
    assert.deepEqual((await started).cancelled, ['slow']);
    process.kill(-pid!, 'SIGKILL');
    await test.environment.flush();
    await rm(test.folder, { recursive: true, force: true });
  });

  it('says what a process waits for, and what was seen of it', async () => {
    const slow = await server('slow', { env: { DELAY_MS: '60000' } });
    await using test = await openTestEnvironment([
      slow,
      processModel('api', sleeper, { dependsOn: needs('slow') }),
    ]);
    void test.environment.start();
    const { reason } = await test.until('api', (process) =>
      process.reason!.includes('connection refused'),
    );
    assert.match(reason!, /^waiting for slow: not ready: connection refused on /);
  });

  it('ends a process that is not ready in time', async () => {
    const limitMs = 600_000;
    const slow = await server('slow', {
      env: { DELAY_MS: String(limitMs) },
      startupTimeoutMs: limitMs,
    });
    // Its time is up once something was seen of it, however long that takes.
    let timeIsUp: () => void = () => undefined;
    const clock: Clock = {
      now: () => systemClock.now(),
      schedule(delayMs, action) {
        if (delayMs < limitMs / 2) return systemClock.schedule(delayMs, action);
        timeIsUp = action;
        return toDisposable(() => undefined);
      },
    };
    await using test = await openTestEnvironment([slow], {}, { clock });
    const starting = test.environment.start();
    await test.until('slow', ({ reason }) => reason?.includes('refused') === true);
    timeIsUp();
    const result = await starting;
    assert.match(result.failed[0]!.reason, /^not ready after .*: connection refused on /);
    assert.equal(test.environment.process('slow')?.pid, undefined);
  });

  it('starts a crashed process again, up to max_retries', async () => {
    await using test = await openTestEnvironment([
      processModel('crash', 'exit 1', {
        restart: { ...processModel('x', 'x').restart, policy: 'on-failure', maxRetries: 3 },
      }),
    ]);
    const { run } = (await test.environment.start(), await test.until('crash', isFailed));
    assert.equal(run, 4);
    assert.match(
      test.environment.process('crash')?.reason ?? '',
      /^exit code 1 after [\d.]+ s, 4 times in [\d.]+ s$/,
    );
  });

  it('a stop by a person wins over the restart policy', async () => {
    await using test = await openTestEnvironment([
      processModel('crash', 'exit 1', {
        restart: {
          ...processModel('x', 'x').restart,
          policy: 'always',
          delayMs: 600_000,
          maxDelayMs: 600_000,
        },
      }),
    ]);
    void test.environment.start();
    await test.until('crash', (process) => process.state === 'backoff');
    const result = await test.environment.stop(['crash']);
    assert.deepEqual(result.succeeded, ['crash']);
    assert.equal(test.environment.process('crash')?.nextStartAtMs, undefined);
  });

  it('needs no SIGKILL for what is stopped at any moment of its start', async () => {
    const script = 'setInterval(() => {}, 1000)';
    await using test = await openTestEnvironment([
      processModel('young', [process.execPath, '-e', script]),
    ]);
    const killed: number[] = [];
    for (let round = 0; round < 60; round++) {
      const started = test.environment.start();
      if (round % 2 === 0) await started;
      await new Promise((resolve) => setTimeout(resolve, (round % 10) / 2));
      await test.environment.stop();
      const { lastExit, run } = test.environment.process('young')!;
      if (lastExit?.signal === 'SIGKILL') killed.push(run);
    }
    assert.deepEqual(killed, []);
  });

  it('two restarts at once make one new run', async () => {
    await using test = await openTestEnvironment([processModel('a', sleeper)]);
    await test.environment.start();
    await Promise.all([
      test.environment.restart(['a']),
      test.environment.restart(['a']),
      test.environment.restart(['a']),
    ]);
    assert.equal(test.environment.process('a')?.run, 2);
  });

  it('restarts all in order', async () => {
    const db = await server('db');
    await using test = await openTestEnvironment([
      db,
      processModel('api', sleeper, { dependsOn: needs('db') }),
    ]);
    await test.environment.start();
    const events: string[] = [];
    test.environment.onDidRun((run) => events.push(`${run.name} ${run.kind}`));
    await test.environment.restart();
    assert.deepEqual(events, ['api ended', 'db ended', 'db began', 'api began']);
  });

  it('a restart leaves the dependents alone', async () => {
    await using test = await openTestEnvironment([
      processModel('db', sleeper),
      processModel('api', sleeper, { dependsOn: needs('db') }),
    ]);
    await test.environment.start();
    await test.environment.restart(['db']);
    assert.deepEqual(
      test.environment.processes().map((process) => process.run),
      [2, 1],
    );
  });

  it('a command that is not there is a reason, not an exception', async () => {
    await using test = await openTestEnvironment([
      processModel('argv', ['no-such-program-anywhere']),
      processModel('shell', 'no-such-program-anywhere'),
      processModel('folder', 'true', { workdir: '/no/such/folder' }),
    ]);
    await test.environment.start();
    await test.until('shell', (process) => process.state === 'failed');
    assert.match(test.environment.process('argv')!.reason!, /no-such-program-anywhere/);
    assert.match(test.environment.process('shell')!.reason!, /command not found/);
    assert.match(test.environment.process('folder')!.reason!, /\/no\/such\/folder/);
  });

  for (const host of ['127.0.0.1', '::1']) {
    it(`does not start a process whose port somebody holds on ${host}, and says who`, async () => {
      const port = await freePort();
      const stranger = createServer();
      await once(stranger.listen(port, host), 'listening');
      await using test = await openTestEnvironment([
        processModel('api', sleeper, { port, restart: { ...noRestart, policy: 'always' } }),
      ]);
      await test.environment.start();
      const api = test.environment.process('api')!;
      assert.equal(api.failure, 'port-in-use');
      assert.match(api.reason!, new RegExp(`^port ${port} is held by .*PID ${process.pid}, user `));
      assert.equal(api.portHolder?.pid, process.pid);
      stranger.close();
      await once(stranger, 'close');
      const result = await test.environment.start(['api']);
      assert.deepEqual(result.succeeded, ['api']);
    });
  }

  it('does not take another program for ready that answers in its place', async () => {
    const port = await freePort();
    const go = join(await mkdtemp(join(tmpdir(), 'dev-env-test-')), 'go');
    const slow = processModel('api', [process.execPath, program('serve.mjs')], {
      port,
      env: { WAIT_FOR: go },
      ready: { kind: 'tcp', host: 'localhost', port, timeoutMs: 2_000 },
    });
    await using test = await openTestEnvironment([slow]);
    void test.environment.start();
    await test.until('api', (process) => process.reason?.includes('refused') === true);
    const stranger = createServer();
    await once(stranger.listen(port, '127.0.0.1'), 'listening');
    const { reason, state } = await test.until(
      'api',
      (process) => process.reason?.includes(`PID ${globalThis.process.pid}`) === true,
    );
    assert.equal(state, 'starting');
    assert.match(reason!, /not ready/);
    stranger.close();
    await once(stranger, 'close');
    await writeFile(go, '');
    await test.until('api', (process) => process.state === 'running');
    await rm(dirname(go), { recursive: true });
  });

  it('gives the child its name, its run, and its port, and keeps the output in order', async () => {
    await using test = await openTestEnvironment([
      processModel(
        'api',
        'echo "$DEV_ENV_PROCESS $PORT ${#DEV_ENV_RUN_ID}"; echo two >&2; echo 3; exec sleep 600',
        { port: 4_321 },
      ),
    ]);
    await test.environment.start();
    const { logPath } = test.environment.process('api')!;
    const log = await until('the last line', async () => {
      const text = await readFile(logPath!, 'utf8');
      return text.endsWith('3\n') && text;
    });
    assert.equal(log, 'api 4321 16\ntwo\n3\n');
  });

  it('keeps the logs of the last runs, and no more', async () => {
    await using test = await openTestEnvironment([
      processModel('job', 'echo $$', { kind: 'task' }),
    ]);
    for (let run = 0; run < 13; run++) await test.environment.start(['job']);
    const folder = test.stateFolder.logFolder('job');
    const logs = async () => (await readdir(folder)).filter((name) => name.endsWith('.log'));
    await until('the pruning', async () => (await logs()).length === 10);
    assert.ok((await logs()).includes('13.log'));
  });

  it('runs a completed task again only when it is asked for by name', async () => {
    await using test = await openTestEnvironment([
      processModel('migrate', 'true', { kind: 'task' }),
      processModel('api', sleeper, { dependsOn: needs('migrate', 'completed') }),
    ]);
    await test.environment.start();
    await test.environment.start();
    assert.equal(test.environment.process('migrate')?.run, 1);
    await test.environment.start(['migrate']);
    assert.equal(test.environment.process('migrate')?.run, 2);
  });

  it('refuses a name that it does not know', async () => {
    await using test = await openTestEnvironment([processModel('a', sleeper)]);
    await assert.rejects(
      test.environment.start(['b']),
      (error) => error instanceof DevEnvError && error.code === 'unknown-process',
    );
  });

  it('takes other profiles for the active ones with a new model', async () => {
    const debug = processModel('debug', sleeper, { profiles: ['debug'] });
    await using test = await openTestEnvironment([debug]);
    assert.equal(test.environment.process('debug')?.isInActiveProfiles, false);
    test.environment.setModel(
      environmentModel(test.folder, [debug], { activeProfiles: ['debug'] }),
    );
    assert.equal(test.environment.process('debug')?.isInActiveProfiles, true);
  });

  it('takes a new model without touching what is unchanged', async () => {
    const [same, changed, removed] = ['same', 'changed', 'removed'].map((name) =>
      processModel(name, sleeper),
    );
    await using test = await openTestEnvironment([same!, changed!, removed!]);
    await test.environment.start();
    const before = test.environment.process('same')?.pid;
    const change = test.environment.setModel(
      environmentModel(test.folder, [
        processModel('added', sleeper),
        { ...changed!, env: { NEW: '1' } },
        { ...same!, description: 'Only words' },
      ]),
    );
    assert.deepEqual(change, { added: ['added'], removed: ['removed'], changed: ['changed'] });
    assert.deepEqual(
      test.environment
        .processes()
        .map(({ name, state, hasPendingChange, isRemoved }) => [
          name,
          state,
          hasPendingChange,
          isRemoved,
        ]),
      [
        ['added', 'stopped', false, false],
        ['changed', 'running', true, false],
        ['same', 'running', false, false],
        ['removed', 'running', false, true],
      ],
    );
    await test.environment.applyChanges();
    assert.equal(test.environment.process('changed')?.run, 2);
    assert.equal(test.environment.process('changed')?.hasPendingChange, false);
    assert.equal(test.environment.process('same')?.pid, before);
    await test.environment.stopRemoved();
    assert.equal(test.environment.process('removed'), undefined);
  });

  it('tells of several changes at once', async () => {
    await using test = await openTestEnvironment(
      Array.from({ length: 20 }, (_, index) => processModel(`p${index}`, sleeper)),
    );
    const sizes: number[] = [];
    test.environment.onDidChange((change) => sizes.push(change.names.size));
    void test.environment.start();
    await Promise.resolve();
    assert.deepEqual(sizes, [20]);
  });

  it('uses no run number twice', async () => {
    await using test = await openTestEnvironment([
      processModel('task', 'echo one', { kind: 'task' }),
    ]);
    await test.environment.start();
    const later = new Environment({
      model: test.environment.model,
      stateFolder: test.stateFolder,
      hostEnv: process.env,
    });
    await later.start();
    assert.equal(later.process('task')?.run, 2);
    assert.equal(later.process('task')?.logPath, join(test.stateFolder.logFolder('task'), '2.log'));
    later.dispose();
    await later.flush();
  });
});

function isFailed(process: { state: string }): boolean {
  return process.state === 'failed';
}
