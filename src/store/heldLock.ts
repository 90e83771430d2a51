import { type FSWatcher, watch } from 'node:fs';
import { readFile, utimes } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { writeAtomically } from './atomicFile.ts';
import {
  type Generation,
  generationFile,
  isHeldBy,
  type LockEntry,
  newestGeneration,
  releaseGeneration,
} from './lockFiles.ts';

/** How often the owner gives a sign of life, for those on other hosts who cannot see its PID. */
export const signOfLifeMs = 5000;

const requestName = 'request.json';

const requestSchema = z.object({
  generation: z.int(),
  id: z.string(),
  /** Who asks, in words: "window 2 (shop)". */
  label: z.string(),
});

/** Somebody asks the owner to let go. */
export type ReleaseRequest = z.infer<typeof requestSchema>;

export interface HeldLockEvents {
  /**
   * The lock is no longer held, although it was not released: its folder was removed, most likely.
   * Called once. Whoever holds something on the strength of the lock should try to get it again.
   */
  readonly onLost?: () => void;
  /** Somebody asks for the lock; once per request. To grant it, hand over and `release`. */
  readonly onReleaseRequested?: (request: ReleaseRequest) => void;
}

/** A lock that is held, until it is released or this process ends, however it ends. */
export class HeldLock {
  readonly #folder: string;
  readonly #generation: number;
  readonly #entry: LockEntry;
  readonly #events: HeldLockEvents;
  readonly #timer: NodeJS.Timeout;
  #watcher: FSWatcher | undefined;
  #lastRequest = '';
  #isHeld = true;

  constructor(folder: string, generation: number, entry: LockEntry, events: HeldLockEvents) {
    this.#folder = folder;
    this.#generation = generation;
    this.#entry = entry;
    this.#events = events;
    this.#timer = setInterval(() => void this.#check(), signOfLifeMs).unref();
    try {
      this.#watcher = watch(folder, { persistent: false }, (event) => {
        // Requests are renamed into place; a mere change is a sign of life.
        if (event === 'rename') void this.#check('look');
      });
      this.#watcher.on('error', () => void this.#check('look'));
    } catch {
      // Then the timer has to do: a request is answered a few seconds later.
    }
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Lets go. Resolves when another one can have it; rejects with the system error if it cannot be said. */
  async release(): Promise<void> {
    if (!this.#isHeld) return;
    this.#end();
    await releaseGeneration(this.#folder, this.#generation, this.#entry);
  }

  async #check(how: 'look' | 'touch' = 'touch'): Promise<void> {
    if (!this.#isHeld) return;
    if (how === 'touch') await this.#touch();
    let newest: Generation | undefined;
    try {
      newest = await newestGeneration(this.#folder);
    } catch {
      // Not readable just now (out of descriptors, …), which says nothing about the lock.
      return;
    }
    if (!this.#isHeldNow()) return;
    if (newest?.number !== this.#generation || !isHeldBy(newest.entry, this.#entry)) {
      this.#end();
      this.#events.onLost?.();
      return;
    }
    const request = await readRequest(this.#folder);
    if (!this.#isHeldNow() || request?.generation !== this.#generation) return;
    if (request.id === this.#lastRequest) return;
    this.#lastRequest = request.id;
    this.#events.onReleaseRequested?.(request);
  }

  async #touch(): Promise<void> {
    const now = new Date();
    await utimes(generationFile(this.#folder, this.#generation), now, now).catch(() => undefined);
  }

  #end(): void {
    this.#isHeld = false;
    clearInterval(this.#timer);
    this.#watcher?.close();
  }

  // A method, since the compiler takes a property for unchanged across an await.
  #isHeldNow(): boolean {
    return this.#isHeld;
  }
}

/** Asks whoever holds the lock to let go; see `onReleaseRequested`. */
export async function requestRelease(folder: string, label: string): Promise<void> {
  const newest = await newestGeneration(folder);
  if (newest === undefined) return;
  const id = `${String(process.pid)}-${String(Date.now())}`;
  const request: ReleaseRequest = { generation: newest.number, id, label };
  await writeAtomically(path.join(folder, requestName), JSON.stringify(request));
}

async function readRequest(folder: string): Promise<ReleaseRequest | undefined> {
  try {
    const text = await readFile(path.join(folder, requestName), 'utf8');
    return requestSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // None, or nonsense that is not ours.
    return undefined;
  }
}
