import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentSession } from '../../../src/controller/environmentSession.ts';
import { isSameProcess } from '../../../src/process/identity.ts';
import { lockOwner } from '../../../src/store/environmentLock.ts';
import { openStateFolder, type StateFolder } from '../../../src/store/stateFolder.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { onlyOnLinux } from '../../support/skip.ts';
import { environmentModel, processModel } from '../../support/testEnvironment.ts';
import { until } from '../../support/until.ts';

/** Between two tries of a claim, and how many there are. */
const pauseMs = 50;
const tries = 100;

/** An owner in this process, with `api` running. Its clock is turned by hand. */
class Owner implements AsyncDisposable {
  readonly stateFolder: StateFolder;
  readonly session: EnvironmentSession;
  readonly clock: FakeClock;
  readonly pid: number;
  readonly #folder: string;
  readonly #lost: string[];
  /** What is to come when no claim is to be tried again. */
  readonly #pending: number;

  private constructor(
    folder: string,
    stateFolder: StateFolder,
    session: EnvironmentSession,
    clock: FakeClock,
    lost: string[],
  ) {
    this.#folder = folder;
    this.stateFolder = stateFolder;
    this.session = session;
    this.clock = clock;
    this.pid = session.environment.process('api')!.pid!;
    this.#lost = lost;
    this.#pending = clock.pending;
  }

  static async sit(): Promise<Owner> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-env-test-')));
    const stateFolder = await openStateFolder(folder, join(folder, '.state'));
    const clock = new FakeClock();
    const lost: string[] = [];
    const opened = await EnvironmentSession.open({
      model: environmentModel(folder, [processModel('api', 'exec sleep 600')]),
      stateFolder,
      hostEnv: process.env,
      label: 'the test',
      waitMs: 0,
      clock,
      onLost: () => lost.push('lost'),
    });
    assert.equal(opened.kind, 'owned');
    const { session } = opened;
    await session.environment.start();
    await session.environment.flush();
    return new Owner(folder, stateFolder, session, clock, lost);
  }

  get hasLost(): boolean {
    return this.#lost.length > 0;
  }

  /** Resolves when a claim has failed and is to be tried again. */
  async failedClaim(): Promise<void> {
    await until('the next try of the claim', () => {
      assert.ok(!this.hasLost, 'what runs was given up');
      return this.clock.pending > this.#pending;
    });
  }

  /** Resolves when the environment is owned again, and what runs is written down. */
  async restored(): Promise<void> {
    const { stateFolder } = this;
    await until('the lock', async () => {
      const owner = await lockOwner(stateFolder.lockPath, isSameProcess).catch(() => undefined);
      return owner?.pid === process.pid;
    });
    const text = await until('the record', () =>
      readFile(stateFolder.recordPath('api'), 'utf8').catch(() => undefined),
    );
    assert.match(text, new RegExp(`"pid": ?${String(this.pid)}\\b`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.release();
    process.kill(-this.pid, 'SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }
}

describe('An owner whose state folder is being removed', () => {
  it('claims it until what it makes stays', async function () {
    onlyOnLinux(this);
    await using owner = await Owner.sit();
    const { lockPath, recordFolder } = owner.stateFolder;
    // A folder that was removed while it is open: it is there, and nothing can be made in it.
    const removed = `${lockPath}-removed`;
    mkdirSync(removed);
    const descriptor = openSync(removed, 'r');
    rmdirSync(removed);
    // In one turn, so that the owner, who is in this process, sees nothing in between.
    rmSync(recordFolder, { recursive: true });
    rmSync(lockPath, { recursive: true });
    symlinkSync(`/proc/self/fd/${String(descriptor)}`, lockPath);
    await owner.failedClaim();
    await owner.clock.advance(pauseMs);
    await owner.failedClaim();
    rmSync(lockPath);
    closeSync(descriptor);
    await owner.clock.advance(pauseMs);
    await owner.restored();
    assert.ok(!owner.hasLost);
  });

  it('claims it until there can be a folder in its place', async () => {
    await using owner = await Owner.sit();
    const { path } = owner.stateFolder;
    rmSync(path, { recursive: true });
    symlinkSync(join(path, '..', 'nowhere'), path);
    await owner.failedClaim();
    await owner.clock.advance(pauseMs);
    await owner.failedClaim();
    rmSync(path);
    await owner.clock.advance(pauseMs);
    await owner.restored();
    assert.ok(!owner.hasLost);
  });

  it('gives it up at last', async () => {
    await using owner = await Owner.sit();
    const { path } = owner.stateFolder;
    rmSync(path, { recursive: true });
    symlinkSync(join(path, '..', 'nowhere'), path);
    for (let failed = 1; failed < tries; failed += 1) {
      await owner.failedClaim();
      await owner.clock.advance(pauseMs);
    }
    await until('the end of the tries', () => owner.hasLost);
  });
});
