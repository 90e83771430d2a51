import type { Clock } from '../../src/base/clock.ts';
import { toDisposable } from '../../src/base/disposable.ts';

/** A clock that stands still until it is turned. */
export class FakeClock implements Clock {
  #nowMs = 1_700_000_000_000;
  readonly #due = new Set<{ readonly atMs: number; readonly action: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  /** How many things are to come. */
  get pending(): number {
    return this.#due.size;
  }

  schedule(delayMs: number, action: () => void) {
    const timer = { atMs: this.#nowMs + delayMs, action };
    this.#due.add(timer);
    return toDisposable(() => this.#due.delete(timer));
  }

  /**
   * Turns the clock, and does what is due on the way, each at its time, with what follows from it
   * in the same turn of the event loop.
   */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#due]
        .filter(({ atMs }) => atMs <= endMs)
        .sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#due.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.action();
      await new Promise(setImmediate);
    }
    this.#nowMs = endMs;
  }
}
