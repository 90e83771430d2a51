import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessModel } from '../../../src/config/model.ts';
import type { ProcessSnapshot } from '../../../src/controller/snapshot.ts';
import { identify } from '../../../src/process/identity.ts';
import { freePort } from '../../../src/process/ports.ts';
import type { RunRecord } from '../../../src/store/runRecord.ts';
import { type HostProcess, writeModel } from '../../support/hostProcess.ts';
import { Stage, startedHost } from '../../support/stage.ts';
import { environmentModel, processModel, program } from '../../support/testEnvironment.ts';
import { until } from '../../support/until.ts';

const sleeper = 'exec sleep 600';
const eager: ProcessModel['restart'] = {
  policy: 'on-failure',
  maxRetries: 1_000,
  delayMs: 10,
  backoff: 1,
  maxDelayMs: 10,
  windowMs: 60_000,
  jitter: 0,
  breaker: undefined,
};

/** Has a host start `api` and killed; gives back the PID that it left behind. */
async function leftBehind(stage: Stage): Promise<number> {
  const host = await startedHost(stage);
  await host.until((h) => h.process('api')?.state === 'running');
  await stage.recorded(host);
  await host.kill();
  return host.process('api')!.pid!;
}

/** The record as it was between the decision to spawn and the note of the PID. */
function asIntent(record: RunRecord): RunRecord {
  const { pid, startTime, processGroup, ...intent } = record;
  return {
    ...intent,
    state: 'starting',
    stateDetails: {
      name: 'starting',
      cause: { kind: 'requested', by: 'you' },
      isSpawned: false,
    },
  };
}

const facts = ({ name, state, run, pid }: ProcessSnapshot): unknown => [name, state, run, pid];

describe('Recovery', function () {
  this.timeout(400_000);

  it('takes up what an earlier host left, as it was', async () => {
    const port = await freePort();
    await using stage = await Stage.set((folder) => [
      processModel('family', 'sleep 600 & sleep 600 & wait'),
      processModel('slow', [process.execPath, program('serve.mjs')], {
        port,
        env: { WAIT_FOR: join(folder, 'open') },
        ready: { kind: 'tcp', host: 'localhost', port, timeoutMs: 1_000 },
      }),
      processModel('flaky', 'exit 1', {
        restart: { ...eager, delayMs: 600_000, maxDelayMs: 600_000 },
      }),
      processModel('migrate', 'exit 0', { kind: 'task' }),
      processModel(
        'leaver',
        `while [ ! -e ${join(folder, 'leave')} ]; do sleep 0.02; done; exit 7`,
      ),
    ]);
    const first = await startedHost(stage);
    await first.until(
      (host) =>
        host.process('family')?.state === 'running' &&
        host.process('slow')?.pid !== undefined &&
        host.process('flaky')?.state === 'backoff' &&
        host.process('migrate')?.state === 'completed' &&
        host.process('leaver')?.state === 'running',
    );
    await stage.recorded(first);
    const before = new Map(first.processes.map((process) => [process.name, process]));
    await first.kill();
    await writeFile(join(stage.folder, 'leave'), '');
    await until('the end of leaver', async () => !(await stage.liveRuns()).has('leaver'));

    const second = await stage.host().untilOpen();
    for (const name of ['family', 'slow', 'flaky', 'migrate']) {
      assert.deepEqual(facts(second.process(name)!), facts(before.get(name)!), name);
    }
    assert.equal(second.process('flaky')?.nextStartAtMs, before.get('flaky')?.nextStartAtMs);
    await second.until((host) => host.process('leaver')?.state === 'failed');
    assert.equal(second.process('leaver')?.reason, 'exit code 7');
    await writeFile(join(stage.folder, 'open'), '');
    await second.until((host) => host.process('slow')?.state === 'running');
    assert.equal(second.process('slow')?.run, 1);

    second.say('stop');
    await second.until((host) => host.messages.some((message) => message.done));
    assert.deepEqual(await stage.liveRuns(), new Map());
  });

  it('lets the restart policy act on a crash that happened while nobody was there', async () => {
    await using stage = await Stage.set(() => [processModel('api', sleeper, { restart: eager })]);
    const pid = await leftBehind(stage);
    process.kill(-pid, 'SIGKILL');
    const second = await stage.host().untilOpen();
    await second.until((host) => host.process('api')?.run === 2);
    assert.notEqual(second.process('api')?.pid, pid);
    assert.equal(second.process('api')?.restarts, 1);
  });

  it('never signals a program that was given the PID of one of ours', async () => {
    await using stage = await Stage.set(() => [processModel('api', sleeper)]);
    const pid = await leftBehind(stage);
    process.kill(-pid, 'SIGKILL');
    await until('its end', async () => (await identify(pid)) === undefined);

    const stranger = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    const record = await stage.readRecord('api');
    await stage.writeRecord({ ...record, pid: stranger.pid!, processGroup: stranger.pid! });
    const second = await stage.host().untilOpen();
    await second.until((host) => host.process('api')?.state === 'failed');
    second.say('stop');
    await second.until((host) => host.messages.some((message) => message.done));
    assert.equal(stranger.exitCode, null);
    assert.equal(stranger.signalCode, null);
    stranger.kill();
    await once(stranger, 'close');
  });

  it('finds a child whose host died before it could note its PID', async () => {
    await using stage = await Stage.set(() => [processModel('api', sleeper)]);
    const pid = await leftBehind(stage);
    const intent = asIntent(await stage.readRecord('api'));
    await stage.writeRecord(intent);
    const second = await stage.host().untilOpen();
    await second.until((host) => host.process('api')?.state === 'running');
    assert.equal(second.process('api')?.pid, pid);
    assert.equal(second.process('api')?.run, 1);
  });

  it('starts what was about to be started and never was', async () => {
    await using stage = await Stage.set(() => [processModel('api', sleeper)]);
    const pid = await leftBehind(stage);
    process.kill(-pid, 'SIGKILL');
    await until('its end', async () => (await identify(pid)) === undefined);
    const intent = asIntent(await stage.readRecord('api'));
    await rm(intent.exitFile!, { force: true });
    await stage.writeRecord(intent);
    const second = await stage.host().untilOpen();
    await second.until((host) => host.process('api')?.state === 'running');
    assert.equal(second.process('api')?.run, 2);
  });

  it('waits with a request until it is known what runs', async () => {
    await using stage = await Stage.set(() => [processModel('api', sleeper)]);
    const pid = await leftBehind(stage);
    const second = stage.host();
    second.say('start');
    await second.until((host) => host.messages.some((message) => message.done));
    assert.equal(second.process('api')?.pid, pid);
    assert.equal((await stage.liveRuns()).get('api')?.length, 1);
  });

  it('stops what an earlier host could not stop', async () => {
    await using stage = await Stage.set(() => [processModel('api', sleeper)]);
    await leftBehind(stage);
    const record = await stage.readRecord('api');
    const cause = { kind: 'not-stopped', pids: [record.pid!] };
    await stage.writeRecord({
      ...record,
      state: 'failed',
      stateDetails: { name: 'failed', failure: { code: 'not-stopped', cause, restarts: 0 } },
    });
    const second = await stage.host().untilOpen();
    assert.equal(second.process('api')?.failure, 'not-stopped');
    second.say('stop');
    await second.until((host) => host.process('api')?.state === 'stopped');
    assert.deepEqual(await stage.liveRuns(), new Map());
  });

  it('watches and stops what is no longer in the file', async () => {
    await using stage = await Stage.set(() => [processModel('old', sleeper)]);
    const first = await startedHost(stage);
    await first.until((host) => host.process('old')?.state === 'running');
    await first.kill();
    await writeModel(stage.folder, environmentModel(stage.folder, [processModel('new', sleeper)]));
    const second = await stage.host().untilOpen();
    assert.equal(second.process('old')?.isRemoved, true);
    assert.equal(second.process('old')?.state, 'running');
    second.say('stop old');
    await second.until((host) => host.process('old') === undefined);
    assert.deepEqual(await stage.liveRuns(), new Map());
  });

  it('keeps what is no longer in the file and could not be stopped, until it has ended', async () => {
    await using stage = await Stage.set(() => [processModel('old', sleeper)]);
    const first = await startedHost(stage);
    await first.until((host) => host.process('old')?.state === 'running');
    await stage.recorded(first);
    await first.kill();
    const record = await stage.readRecord('old');
    const cause = { kind: 'not-stopped', pids: [record.pid!] };
    await stage.writeRecord({
      ...record,
      state: 'failed',
      stateDetails: { name: 'failed', failure: { code: 'not-stopped', cause, restarts: 0 } },
    });
    await writeModel(stage.folder, environmentModel(stage.folder, [processModel('new', sleeper)]));
    const second = await stage.host().untilOpen();
    const { isRemoved, failure } = second.process('old') ?? {};
    assert.deepEqual([isRemoved, failure], [true, 'not-stopped']);
    process.kill(-record.pid!, 'SIGKILL');
    await second.until((host) => host.process('old') === undefined);
    await until('the end of the record', () => !existsSync(stage.stateFolder.recordPath('old')));
  });

  it('knows a reload from an opening', async () => {
    await using stage = await Stage.set(() => [processModel('api', sleeper)]);
    const isContinuation = (host: HostProcess): boolean | undefined =>
      host.messages.find((message) => message.open)?.isContinuation;
    const first = await stage.host().untilOpen();
    assert.equal(isContinuation(first), false);
    await first.release();
    const second = await stage.host().untilOpen();
    assert.equal(isContinuation(second), true);
  });

  it('gives the environment to one of two hosts that want it at once, twenty times', async () => {
    const names = ['a', 'b', 'c'];
    await using stage = await Stage.set(() => names.map((name) => processModel(name, sleeper)));
    for (let round = 0; round < 20; round++) {
      const hosts = [stage.host(), stage.host()];
      for (const host of hosts) host.say('start');
      const isUp = ({ processes }: HostProcess): boolean =>
        names.every((name) => processes.some((p) => p.name === name && p.state === 'running'));
      const outcomes = await Promise.all(
        hosts.map((host) =>
          host.until(isUp).then(
            () => 'owner',
            () => host.child.exitCode,
          ),
        ),
      );
      // 3 is how a host ends that found another one in possession.
      assert.deepEqual(outcomes.toSorted(), [3, 'owner'], `round ${round}`);
      const owner = hosts[outcomes.indexOf('owner')];
      for (const [name, runs] of await stage.liveRuns()) assert.equal(runs.length, 1, name);
      assert.equal((await stage.liveRuns()).size, names.length);
      await owner?.kill();
    }
  });

  it('ends up with one run of each process wherever its host is killed, fifty times', async () => {
    // A chain and some that crash by themselves, so that every kind of transition is under way.
    const names = Array.from({ length: 10 }, (_, index) => `p${index}`);
    await using stage = await Stage.set(() =>
      names.map((name, index) =>
        processModel(name, index % 4 === 3 ? 'sleep 0.05; exit 1' : sleeper, {
          restart: eager,
          dependsOn: index % 3 === 1 ? [{ name: `p${index - 1}`, condition: 'ready' }] : [],
        }),
      ),
    );
    for (let round = 0; round < 50; round++) {
      const host = await stage.host().untilOpen();
      host.say(['start', 'restart', 'stop', 'restart p0 p3', 'start'][round % 5]!);
      const messages = host.messages.length + Math.floor(Math.random() * 12);
      const patience = new Promise<void>((resolve) => setTimeout(resolve, Math.random() * 150));
      await Promise.race([patience, host.until(({ messages: { length } }) => length >= messages)]);
      await host.kill();
      for (const [name, runs] of await stage.liveRuns()) {
        assert.equal(runs.length, 1, `round ${round}: ${name} runs ${runs.length} times`);
      }
    }
    const last = await stage.host().untilOpen();
    last.say('start');
    await last.until(({ processes }) =>
      processes.every(({ state, reason }) => state === 'running' || reason !== undefined),
    );
    last.say('stop');
    await last.until((host) => host.messages.filter((message) => message.done).length === 2);
    assert.deepEqual(await stage.liveRuns(), new Map());
    assert.deepEqual(
      last.processes.map((process) => process.state),
      names.map(() => 'stopped'),
    );
  });
});
