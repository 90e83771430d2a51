import { type Disposable, toDisposable } from '../base/disposable.ts';

/**
 * One timer for all who want to be called now and then. It runs only while someone is there, and
 * does not keep the program alive.
 */
export class SharedPoll {
  readonly #intervalMs: number;
  readonly #actions = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  add(action: () => void): Disposable {
    const entry = (): void => action();
    this.#actions.add(entry);
    this.#timer ??= setInterval(() => this.tick(), this.#intervalMs).unref();
    return toDisposable(() => {
      this.#actions.delete(entry);
      if (this.#actions.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
  }

  /** Calls everyone now. */
  tick(): void {
    for (const action of [...this.#actions]) action();
  }
}
