import { watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { HeldLock, type HeldLockEvents, signOfLifeMs } from './heldLock.ts';
import {
  claimGeneration,
  type Generation,
  type LockEntry,
  newestGeneration,
  removeLeftovers,
  thisHost,
} from './lockFiles.ts';

/** A living owner on this host is looked for this often; its release is noticed at once. */
const lookIntervalMs = 200;
/** An owner on another host that gave no sign of life for this long is gone. */
const foreignSilenceMs = 6 * signOfLifeMs;
/** A file that says nothing this long after it was made never will. */
const writingMs = 2000;

/** PIDs are given out again; with its start time, one means the same process for ever. */
export interface LockIdentity {
  readonly pid: number;
  readonly startTime: string;
}

export interface LockOptions extends HeldLockEvents {
  /** `label` names this process to people: "VS Code, window 1". */
  readonly self: LockIdentity & { readonly label: string; readonly isStandIn?: boolean };
  readonly isAlive: (identity: LockIdentity) => Promise<boolean>;
  /** How long to wait for a living owner to let go; 0 by default. */
  readonly waitMs?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

export interface LockOwner extends LockIdentity {
  readonly label: string;
  readonly host: string;
  /** It lets go at once when it is asked to; see `LockEntry`. */
  readonly isStandIn?: boolean | undefined;
}

export type LockResult =
  | { readonly kind: 'held'; readonly lock: HeldLock }
  | {
      readonly kind: 'owned';
      /** Undefined when its entry cannot be read (just being written). */
      readonly owner: LockOwner | undefined;
    };

/**
 * Gets the lock that lives in `folder`, or tells who holds it. That an owner is dead, by whatever
 * end, is known at once from its PID and start time; of several who then want the lock exactly one
 * gets it. An owner on another host (a home folder shared by containers) counts as alive while it
 * gives signs of life.
 *
 * Own, rather than `proper-lockfile`: that one knows the dead only by their silence, seconds later.
 * @throws the system error when the folder cannot be written to.
 */
export async function acquireLock(folder: string, options: LockOptions): Promise<LockResult> {
  const { self, waitMs = 0, signal } = options;
  const entry: LockEntry = { ...self, host: thisHost, isReleased: false };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeLeftovers(folder, Date.now() - 10 * writingMs);
  const endMs = performance.now() + waitMs;
  const changes = watchFolder(folder);
  try {
    for (;;) {
      const changed = changes.next();
      const newest = await newestGeneration(folder);
      if (newest !== undefined && (await isHeldByLiving(newest, options))) {
        const leftMs = endMs - performance.now();
        if (leftMs <= 0 || signal?.aborted === true) {
          return { kind: 'owned', owner: newest.entry };
        }
        await firstOf(changed, Math.min(leftMs, lookIntervalMs), signal);
        continue;
      }
      const generation = (newest?.number ?? 0) + 1;
      if (await claimGeneration(folder, generation, entry)) {
        return { kind: 'held', lock: new HeldLock(folder, generation, entry, options) };
      }
    }
  } finally {
    changes.close();
  }
}

/** Who holds the lock now; undefined when nobody alive does. */
export async function lockOwner(
  folder: string,
  isAlive: LockOptions['isAlive'],
): Promise<LockOwner | undefined> {
  const newest = await newestGeneration(folder);
  if (newest === undefined || !(await isHeldByLiving(newest, { isAlive }))) return undefined;
  return newest.entry;
}

async function isHeldByLiving(
  { entry, touchedMs }: Generation,
  { isAlive }: Pick<LockOptions, 'isAlive'>,
): Promise<boolean> {
  const silenceMs = Date.now() - touchedMs;
  if (entry === undefined) return silenceMs < writingMs;
  if (entry.isReleased) return false;
  if (entry.host !== thisHost) return silenceMs < foreignSilenceMs;
  return isAlive({ pid: entry.pid, startTime: entry.startTime });
}

/** Promises for the next change in a folder. Without notifications they just never resolve. */
function watchFolder(folder: string): { next: () => Promise<void>; close: () => void } {
  let announce: () => void = () => undefined;
  let next = new Promise<void>((resolve) => (announce = resolve));
  const renew = (): void => {
    announce();
    next = new Promise<void>((resolve) => (announce = resolve));
  };
  try {
    const watcher = watch(folder, { persistent: false }, renew);
    watcher.on('error', renew);
    return { next: () => next, close: () => watcher.close() };
  } catch {
    return { next: () => next, close: () => undefined };
  }
}

/** Resolves with whatever comes first: the event, the time, or the abort. */
async function firstOf(
  event: Promise<void>,
  timeMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, timeMs);
    signal?.addEventListener('abort', end, { once: true });
    void event.then(end);
  });
}
