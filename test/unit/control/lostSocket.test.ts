import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ControlClient } from '../../../src/control/controlClient.ts';
import { ControlServer } from '../../../src/control/controlServer.ts';
import { ControllerTarget } from '../../../src/control/controlTarget.ts';
import { EnvironmentSession } from '../../../src/controller/environmentSession.ts';
import { identify } from '../../../src/process/identity.ts';
import { generationFile, type LockEntry, thisHost } from '../../../src/store/lockFiles.ts';
import { openStateFolder, type StateFolder } from '../../../src/store/stateFolder.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { skip } from '../../support/skip.ts';
import { environmentModel } from '../../support/testEnvironment.ts';
import { until } from '../../support/until.ts';

/** How often an owner looks for what was removed, once something was. */
const lookMs = 5_000;

interface Owned extends AsyncDisposable {
  readonly session: EnvironmentSession;
  readonly stateFolder: StateFolder;
  readonly clock: FakeClock;
  readonly client: ControlClient;
  /** The environment was given up. */
  isLost(): boolean;
}

/** An owner in this process with a control socket. Its clock is turned by hand. */
async function own(): Promise<Owned> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-env-test-')));
  const stateFolder = await openStateFolder(folder, join(folder, '.state'));
  const { socketPath } = stateFolder;
  const clock = new FakeClock();
  let isLost = false;
  const opened = await EnvironmentSession.open({
    model: environmentModel(folder, []),
    stateFolder,
    hostEnv: process.env,
    label: 'the test',
    waitMs: 0,
    clock,
    attach: (environment) =>
      ControlServer.open(
        new ControllerTarget(environment, {
          owner: { kind: 'terminal', pid: process.pid, label: 'the test' },
        }),
        socketPath,
      ),
    onLost: () => {
      isLost = true;
    },
  });
  assert.equal(opened.kind, 'owned');
  const { session } = opened;
  const client = new ControlClient(socketPath);
  const owned: Owned = {
    session,
    stateFolder,
    clock,
    client,
    isLost: () => isLost,
    async [Symbol.asyncDispose]() {
      await session.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await answered(owned);
  return owned;
}

/** Resolves when the socket answers, to one who did not hold a connection until then. */
async function answered({ client }: Owned): Promise<void> {
  const { owner } = await until('an answer', () => client.status().catch(() => undefined));
  assert.equal(owner?.label, 'the test');
}

describe('The control socket of an owner whose state folder is removed', () => {
  beforeEach(function () {
    if (process.platform === 'win32') skip(this, 'a pipe has no file that could be removed');
  });

  it('is made again with the folder', async () => {
    await using owned = await own();
    const { stateFolder } = owned;
    rmSync(stateFolder.path, { recursive: true });
    assert.ok(!existsSync(stateFolder.socketPath));
    await answered(owned);
  });

  it('is made again when who removes the folder takes it, too, each time', async () => {
    await using owned = await own();
    const { stateFolder, clock } = owned;
    rmSync(stateFolder.lockPath, { recursive: true });
    await until('the look', () => clock.pending > 0);
    for (let time = 1; time <= 2; time += 1) {
      await answered(owned);
      rmSync(stateFolder.socketPath);
      await clock.advance(lookMs);
      await answered(owned);
    }
  });

  it('leaves the socket alone of another who was faster', async () => {
    await using owned = await own();
    const { lockPath, socketPath } = owned.stateFolder;
    // Some program that lives.
    const { pid, startTime = '' } = (await identify(process.ppid))!;
    const other: LockEntry = {
      pid,
      startTime,
      label: 'another',
      host: thisHost,
      isReleased: false,
    };
    // In one turn, so that the owner, who is in this process, cannot be the faster one.
    rmSync(lockPath, { recursive: true });
    mkdirSync(lockPath);
    writeFileSync(generationFile(lockPath, 1), JSON.stringify(other));
    rmSync(socketPath);
    const server = createServer().listen(socketPath).unref();
    await once(server, 'listening');
    await until('the loss', () => owned.isLost());
    await owned.session.release();
    assert.ok(existsSync(socketPath));
    const caller = connect(socketPath);
    await once(caller, 'connect');
    caller.destroy();
    server.close();
    await once(server, 'close');
  });
});
