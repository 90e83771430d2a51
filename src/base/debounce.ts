import type { Clock } from './clock.ts';
import type { Disposable } from './disposable.ts';

/** What never settles is acted on after so many times the quiet time, … */
const patience = 10;
/** … and no later than this, in ms, … */
const maxWaitMs = 5_000;
/** … but after twice the quiet time at the earliest, or it would mean nothing. */
const minPatience = 2;

/** The longest time from the first of a row of changes to the action on them. Pure. */
export function longestWait(quietMs: number): number {
  return Math.max(Math.min(patience * quietMs, maxWaitMs), minPatience * quietMs);
}

/** Acts once there was nothing new for `quietMs`, and while that never happens, now and then. */
export class Debounce implements Disposable {
  readonly #clock: Clock;
  readonly #quietMs: number;
  readonly #action: () => void;
  #timer: Disposable | undefined;
  #latestMs: number | undefined;

  constructor(clock: Clock, quietMs: number, action: () => void) {
    this.#clock = clock;
    this.#quietMs = quietMs;
    this.#action = action;
  }

  /** There is something to act on. */
  note(): void {
    const nowMs = this.#clock.now();
    this.#latestMs ??= nowMs + longestWait(this.#quietMs);
    this.#timer?.dispose();
    const delayMs = Math.max(0, Math.min(this.#quietMs, this.#latestMs - nowMs));
    this.#timer = this.#clock.schedule(delayMs, () => {
      this.#latestMs = undefined;
      this.#action();
    });
  }

  /** Somebody else acts on it. */
  cancel(): void {
    this.#timer?.dispose();
    this.#latestMs = undefined;
  }

  dispose(): void {
    this.cancel();
  }
}
