import { type FSWatcher, watch } from 'node:fs';
import { type Clock, delay } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { SharedPoll } from './sharedPoll.ts';

/** While a file is being written to, it is looked at this often, and never more often. */
const activeIntervalMs = 50;
/** Looks without news after which the file counts as idle. */
const idleLooks = 2;
/** How often one looks where the system gives no notifications (out of watches, no such file yet). */
const unwatchedIntervalMs = 250;

/**
 * Glances that happen whatever the notifications do; some file systems have none and don't say so.
 * A look and a new watch would cost a hundred times as much, for a thousand files at rest.
 */
const safetyPoll = new SharedPoll(5000);

export interface FileWakeOptions {
  readonly path: string;
  /** Looks at the file; resolves to whether there was something new. Must not reject. */
  readonly look: () => Promise<boolean>;
  /** A glance at the file, in some microseconds: is a look worth it? */
  readonly mayHaveNews: () => boolean;
  readonly clock: Clock;
  readonly safety?: SharedPoll;
  /** `fs.watch`, or what stands in for it. */
  readonly watch?: typeof watch;
}

/**
 * Decides when a growing file is worth a look. An idle file is watched, which costs nothing, and a
 * file counts as idle until it has given news: that of a program that has just been started is empty.
 * The first notification ends the watch and begins a phase of looks at an even pace, which ends with
 * the writing; so a flood of a million writes costs no more than twenty looks a second, where a
 * watcher would queue a million notifications.
 */
export class FileWake implements Disposable {
  readonly #options: FileWakeOptions;
  readonly #end = new AbortController();
  readonly #safetySubscription: Disposable;
  #watcher: FSWatcher | undefined;
  #nextWake: Disposable | undefined;
  #isActive = false;
  #wakes = 0;

  constructor(options: FileWakeOptions) {
    this.#options = options;
    this.#safetySubscription = (options.safety ?? safetyPoll).add(() => this.#glance());
    this.wake();
  }

  /** There may be news: begins to look, unless that is under way. */
  wake(): void {
    if (this.#isDisposed()) return;
    this.#rest();
    this.#wakes += 1;
    if (!this.#isActive) void this.#lookUntilIdle();
  }

  dispose(): void {
    this.#end.abort();
    this.#safetySubscription.dispose();
    this.#rest();
  }

  #glance(): void {
    if (!this.#isActive && this.#options.mayHaveNews()) this.wake();
  }

  async #lookUntilIdle(): Promise<void> {
    this.#isActive = true;
    for (let isFirst = this.#wakes === 1; !this.#isDisposed(); isFirst = false) {
      this.#rest();
      if (!isFirst) await this.#lookEvenly();
      if (this.#isDisposed()) return;
      const wakes = this.#wakes;
      const isWatched = this.#watch();
      // What was written between the last look and the watch gave no notification.
      const hasNews = await this.#options.look();
      if (hasNews || this.#wakes !== wakes || (isFirst && !isWatched)) continue;
      this.#isActive = false;
      if (!isWatched) this.#wakeAfter(unwatchedIntervalMs);
      return;
    }
  }

  #wakeAfter(delayMs: number): void {
    if (this.#isDisposed()) return;
    this.#nextWake = this.#options.clock.schedule(delayMs, () => this.wake());
  }

  async #lookEvenly(): Promise<void> {
    let looksWithoutNews = 0;
    while (!this.#isDisposed()) {
      looksWithoutNews = (await this.#options.look()) ? 0 : looksWithoutNews + 1;
      if (looksWithoutNews === idleLooks) return;
      await delay(this.#options.clock, activeIntervalMs, this.#end.signal);
    }
  }

  #watch(): boolean {
    try {
      const watcher = (this.#options.watch ?? watch)(this.#options.path, { persistent: false });
      watcher.on('change', () => this.wake());
      // Windows reports the deletion of what is watched as an error; then one has to look.
      watcher.on('error', () => this.wake());
      this.#watcher = watcher;
      return true;
    } catch {
      return false;
    }
  }

  /** Neither watches nor has a look planned. */
  #rest(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#nextWake?.dispose();
    this.#nextWake = undefined;
  }

  // A method, since the compiler takes a property for unchanged across an await.
  #isDisposed(): boolean {
    return this.#end.signal.aborted;
  }
}
