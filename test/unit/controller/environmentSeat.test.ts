import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { DevEnvError } from '../../../src/base/errors.ts';
import { EnvironmentSeat } from '../../../src/controller/environmentSeat.ts';
import type { EnvironmentController } from '../../../src/controller/snapshot.ts';
import { environmentModel, processModel } from '../../support/testEnvironment.ts';
import { Stage, startedHost } from '../../support/stage.ts';
import { until } from '../../support/until.ts';

const processes = [processModel('db', 'exec sleep 600'), processModel('api', 'exec sleep 600')];

/** A seat in this process at the environment of a stage, whose hosts are other processes. */
async function sit(stage: Stage) {
  const shown: EnvironmentController[] = [];
  const seat = new EnvironmentSeat({
    model: environmentModel(stage.folder, processes),
    stateFolder: stage.stateFolder,
    hostEnv: process.env,
    label: 'the test',
    onWriteError: (message) => {
      throw new Error(message);
    },
    onController: (controller) => shown.push(controller),
  });
  await seat.sit();
  return {
    seat,
    shown,
    get controller(): EnvironmentController {
      return shown.at(-1)!;
    },
    [Symbol.asyncDispose]: () => seat.leave(),
  };
}

/** Its owner may be writing to it anew meanwhile, so that it is not empty in the end. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 100, retryDelay: 1 });
}

describe('EnvironmentSeat', () => {
  it('owns an environment that nobody owns', async () => {
    await using stage = await Stage.set(() => processes);
    await using place = await sit(stage);
    assert.equal(place.seat.owner, undefined);
    assert.deepEqual((await place.controller.start()).succeeded.toSorted(), ['api', 'db']);
  });

  it('shows what another host runs, live, and refuses to touch it', async () => {
    await using stage = await Stage.set(() => processes);
    const host = await startedHost(stage);
    await host.until((h) => h.processes.every(({ state }) => state === 'running'));
    await stage.recorded(host);
    await using place = await sit(stage);
    const { controller } = place;
    assert.match(place.seat.owner!, /^host \d+$/);
    assert.deepEqual(
      controller.processes().map(({ name, state, pid, run }) => [name, state, pid, run]),
      host.processes.map(({ name, state, pid, run }) => [name, state, pid, run]),
    );
    await assert.rejects(
      controller.stop(),
      (error) => error instanceof DevEnvError && error.code === 'owned-elsewhere',
    );
    host.say('stop api');
    await until('the stop', () => controller.process('api')?.state === 'stopped');
    assert.equal(controller.process('db')?.state, 'running');
  });

  it('takes the environment over when its owner is killed, and nothing is doubled', async () => {
    await using stage = await Stage.set(() => processes);
    const host = await startedHost(stage);
    await host.until((h) => h.processes.every(({ state }) => state === 'running'));
    await using place = await sit(stage);
    const pids = host.processes.map(({ pid }) => pid);
    const owned = new Promise((resolve) => place.seat.onDidOwn(resolve));
    await host.kill();
    await owned;
    assert.deepEqual(
      place.controller.processes().map(({ pid }) => pid),
      pids,
    );
    assert.equal((await stage.liveRuns()).size, 2);
  });

  it('takes the environment over on request, and hands it over', async () => {
    await using stage = await Stage.set(() => processes);
    const host = await startedHost(stage);
    await host.until((h) => h.processes.every(({ state }) => state === 'running'));
    const pids = host.processes.map(({ pid }) => pid);
    await using place = await sit(stage);
    assert.equal(await place.seat.takeOver(20_000), true);
    assert.equal(await host.ended(), 0);
    await using other = await sit(stage);
    const handedOver = new Promise((resolve) => place.seat.onDidHandOver(resolve));
    assert.equal(await other.seat.takeOver(20_000), true);
    await handedOver;
    assert.notEqual(place.seat.owner, undefined);
    assert.deepEqual(
      other.controller.processes().map(({ pid }) => pid),
      pids,
    );
  });

  it('keeps what it runs when the state folder is removed under it', async () => {
    await using stage = await Stage.set(() => processes);
    const place = await sit(stage);
    await place.controller.start();
    const pids = place.controller.processes().map(({ pid }) => pid);
    await place.seat.session?.environment.flush();
    await remove(stage.stateFolder.recordFolder);
    await remove(stage.stateFolder.lockPath);
    await until('the records', () => stage.readRecord('api').catch(() => undefined));
    // As one who is slow at removing the folder, and has come this far only now.
    await remove(stage.stateFolder.recordFolder);
    await until('the records, again', () => stage.readRecord('api').catch(() => undefined));
    assert.equal(place.shown.length, 1);
    await remove(stage.stateFolder.recordFolder);
    await place.seat.leave();
    const host = await stage.host().untilOpen();
    assert.deepEqual(
      host.processes.map(({ pid }) => pid),
      pids,
    );
    host.say('release');
    await once(host.child, 'close');
  });
});
