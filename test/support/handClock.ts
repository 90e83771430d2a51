import type { Clock } from '../../src/base/clock.ts';
import { toDisposable } from '../../src/base/disposable.ts';

/** A clock that is turned by hand. What is scheduled happens in order, each at its own time. */
export class HandClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<{ atMs: number; action: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, action: () => void): { dispose(): void } {
    const timer = { atMs: this.#nowMs + delayMs, action };
    this.#timers.add(timer);
    return toDisposable(() => this.#timers.delete(timer));
  }

  /** Lets this much time pass. What each timer sets off is done before the next. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.#nowMs + byMs;
    await settled();
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.action();
      await settled();
    }
    this.#nowMs = endMs;
  }

  #next(untilMs: number): { atMs: number; action: () => void } | undefined {
    return [...this.#timers]
      .filter(({ atMs }) => atMs <= untilMs)
      .sort((a, b) => a.atMs - b.atMs)[0];
  }
}

/** Everything that follows without waiting for anything outside. */
async function settled(): Promise<void> {
  await new Promise(setImmediate);
}
