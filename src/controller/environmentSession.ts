import { existsSync } from 'node:fs';
import { type Clock, delay, systemClock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { errorMessage, systemErrorCode } from '../base/errors.ts';
import { identify, isSameProcess } from '../process/identity.ts';
import { acquireLock, type LockOwner, type LockResult } from '../store/environmentLock.ts';
import { type HeldLock, requestRelease } from '../store/heldLock.ts';
import { newestGeneration } from '../store/lockFiles.ts';
import type { RecordProblem } from '../store/recordStore.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { Environment } from './environment.ts';
import type { EnvironmentOptions } from './environmentOptions.ts';
import { Triggers } from './triggers.ts';

/**
 * An environment that some host owned this short a time ago goes on, by a reload or after a crash;
 * later, it is opened anew. In ms; longer than a window takes to come back.
 */
export const continuationMs = 30_000;

/** Once the state folder was removed, it is looked this often whether records are gone, in ms. */
const lookForRecordsMs = 5_000;

/** A lock in a folder that is being removed is tried for this often, with a pause in ms. */
const claims = { tries: 100, pauseMs: 50 };

export interface SessionOptions extends EnvironmentOptions {
  /** Names this host to people: "VS Code, window of shop". */
  readonly label: string;
  /** This host runs the environment for as long as there is no window of the editor to do it. */
  readonly isStandIn?: boolean;
  /** How long to wait for another host to let go: one that is being reloaded takes seconds. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
  /** This host has watched another one run the environment until now. */
  readonly hasWatched?: boolean;
  /** Opens the environment to others, once it has been taken up; closed before it is let go of. */
  readonly attach?: (environment: Environment) => Promise<Attachment>;
  /** Called with the environment before anything can happen in it, so that no event is missed. */
  readonly onCreated?: (environment: Environment) => void;
  /** Another host wants the environment. To grant it, `release`. `label` names that host. */
  readonly onReleaseRequested?: (label: string) => void;
  /** The ownership was lost (the state folder was removed); the environment was let go of. */
  readonly onLost?: () => void;
}

/** What hangs on an environment for as long as this host owns it. */
export interface Attachment {
  /** Ends it: from the call on nothing more is accepted, in the end nothing is left of it. */
  close(): Promise<void>;
}

export type OpenedSession =
  | { readonly kind: 'owned'; readonly session: EnvironmentSession }
  /** Another living host owns the environment; undefined when it does not say which. */
  | { readonly kind: 'elsewhere'; readonly owner: LockOwner | undefined };

/**
 * The ownership of an environment: of all hosts on a folder one at a time has it, and only it
 * starts and stops processes. It takes up what earlier hosts left running.
 */
export class EnvironmentSession {
  readonly environment: Environment;
  /** It goes on where another host was a moment ago, or something of it runs: nothing to start. */
  readonly isContinuation: boolean;
  /** Records that could not be believed, and were set aside. */
  readonly problems: readonly RecordProblem[];
  #lock: HeldLock;
  #attached: Promise<Attachment | undefined> = Promise.resolve(undefined);
  #isReleased = false;
  /** What the loss of the state folder asks for, one after the other. */
  #restoring: Promise<void> = Promise.resolve();
  #nextLook: Disposable | undefined;

  private constructor(
    environment: Environment,
    lock: HeldLock,
    isContinuation: boolean,
    problems: readonly RecordProblem[],
  ) {
    this.environment = environment;
    this.#lock = lock;
    this.isContinuation = isContinuation;
    this.problems = problems;
  }

  /** @throws the system error when the state folder cannot be used. */
  static async open(options: SessionOptions): Promise<OpenedSession> {
    const { stateFolder, clock = systemClock } = options;
    const lastSeenMs = await lastSignOfLife(stateFolder);
    const opened: { session?: EnvironmentSession } = {};
    const onLost = (): void => {
      const { session } = opened;
      if (session !== undefined) session.#restore(() => session.#claimAgain(options, onLost));
    };
    const result = await claim(options, options.waitMs, onLost);
    if (result.kind === 'owned') return { kind: 'elsewhere', owner: result.owner };
    const environment = new Environment({
      ...options,
      companions: [...(options.companions ?? []), (host) => new Triggers(host, stateFolder, clock)],
    });
    const recovering = environment.recover();
    options.onCreated?.(environment);
    let problems: readonly RecordProblem[];
    try {
      problems = await recovering;
    } catch (error) {
      environment.dispose();
      await result.lock.release();
      throw error;
    }
    const isContinuation =
      options.hasWatched === true ||
      isRecent(lastSeenMs, clock) ||
      environment.processes().some((process) => process.pid !== undefined);
    const session = new EnvironmentSession(environment, result.lock, isContinuation, problems);
    opened.session = session;
    session.#attached = session.#attach(options);
    // While it was taken up.
    if (!result.lock.isHeld) onLost();
    return { kind: 'owned', session };
  }

  /** Lets go: nothing is stopped, and the next host goes on from here. */
  async release(): Promise<void> {
    this.#isReleased = true;
    this.#nextLook?.dispose();
    await this.#restoring;
    if (this.#nextLook !== undefined) await this.environment.saveMissing();
    await this.environment.flush();
    // Those who wait for an operation learn that the owner left, and not that it was cancelled.
    const closed = (await this.#attached)?.close();
    this.environment.dispose();
    await this.environment.flush();
    // Before the lock is free: the next owner's socket has the same name.
    await closed;
    await this.#lock.release();
  }

  /** Without it the environment cannot be controlled by others, and runs all the same. */
  async #attach({ attach, onWriteError }: SessionOptions): Promise<Attachment | undefined> {
    try {
      return await attach?.(this.environment);
    } catch (error) {
      onWriteError?.(errorMessage(error));
      return undefined;
    }
  }

  #restore(work: () => Promise<void>): void {
    // One that fails keeps neither the next one nor a release from its work.
    this.#restoring = this.#restoring.then(work).catch(() => undefined);
  }

  /**
   * The lock has gone with its folder. What runs is known here and nowhere else any more, so it is
   * written down again, unless somebody was faster.
   */
  async #claimAgain(options: SessionOptions, onLost: () => void): Promise<void> {
    if (this.#isReleased) return;
    const { clock = systemClock } = options;
    const result = await claimWhileRemoved(options, clock, onLost);
    if (result?.kind === 'held') {
      this.#lock = result.lock;
      await this.environment.saveMissing();
      this.#lookAgain(options, clock);
      await this.#attachAgain(options);
      return;
    }
    this.#nextLook?.dispose();
    this.#nextLook = undefined;
    void this.#attached.then((attachment) => attachment?.close());
    this.environment.dispose();
    if (!this.#isLetGo()) options.onLost?.();
  }

  // A method, since the compiler takes a property for unchanged across an await.
  #isLetGo(): boolean {
    return this.#isReleased;
  }

  /** What removes the folder may still be at work, and take what was made anew: records and socket. */
  #lookAgain(options: SessionOptions, clock: Clock): void {
    if (this.#isReleased) return;
    this.#nextLook?.dispose();
    this.#nextLook = clock.schedule(lookForRecordsMs, () => {
      this.#restore(async () => {
        // Somebody else has it by now, and writes down what runs.
        if (this.#nextLook === undefined) return;
        await this.environment.saveMissing();
        const { socketPath } = options.stateFolder;
        if (process.platform === 'win32' || existsSync(socketPath)) return;
        await this.#attachAgain(options);
      });
      this.#lookAgain(options, clock);
    });
  }

  async #attachAgain(options: SessionOptions): Promise<void> {
    await (await this.#attached)?.close();
    this.#attached = this.#attach(options);
    await this.#attached;
  }
}

/** Undefined when it cannot be had. */
async function claimWhileRemoved(
  options: SessionOptions,
  clock: Clock,
  onLost: () => void,
): Promise<LockResult | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await claim(options, 0, onLost);
    } catch (error) {
      // What was just made is gone again; by a parent that went while Node looked at it, ENOTDIR.
      const code = systemErrorCode(error);
      if ((code !== 'ENOENT' && code !== 'ENOTDIR') || tries === claims.tries) return undefined;
      await delay(clock, claims.pauseMs);
    }
  }
}

async function claim(
  options: SessionOptions,
  waitMs: number,
  onLost: () => void,
): Promise<LockResult> {
  const { stateFolder, label, isStandIn = false, signal, onReleaseRequested } = options;
  return acquireLock(stateFolder.lockPath, {
    self: { ...(await ownIdentity()), label, ...(isStandIn ? { isStandIn } : {}) },
    isAlive: isSameProcess,
    waitMs,
    ...(signal === undefined ? {} : { signal }),
    onLost,
    onReleaseRequested: (request) => onReleaseRequested?.(request.label),
  });
}

/** Asks the host that owns the environment to let go of it. */
export async function requestOwnership(stateFolder: StateFolder, label: string): Promise<void> {
  await requestRelease(stateFolder.lockPath, label);
}

async function lastSignOfLife({ lockPath }: StateFolder): Promise<number | undefined> {
  const newest = await newestGeneration(lockPath).catch(() => undefined);
  return newest?.touchedMs;
}

function isRecent(timeMs: number | undefined, clock: Clock): boolean {
  return timeMs !== undefined && clock.now() - timeMs < continuationMs;
}

async function ownIdentity(): Promise<{ pid: number; startTime: string }> {
  const identity = await identify(process.pid);
  return { pid: process.pid, startTime: identity?.startTime ?? '' };
}
