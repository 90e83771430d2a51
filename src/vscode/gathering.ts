import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';

export interface GatheringTimes {
  /** From the first wish after a quiet time to the act, in ms. */
  readonly firstMs: number;
  /** Between two acts at least, in ms. */
  readonly everyMs: number;
}

/** Makes one act of many wishes: soon after a quiet time, and at most so often in a busy one. */
export class Gathering implements Disposable {
  readonly #clock: Clock;
  readonly #times: GatheringTimes;
  readonly #act: () => void;
  #timer: Disposable | undefined;
  #isWanted = false;
  #isDisposed = false;

  constructor(clock: Clock, times: GatheringTimes, act: () => void) {
    this.#clock = clock;
    this.#times = times;
    this.#act = act;
  }

  wish(): void {
    this.#isWanted = true;
    if (this.#timer === undefined) this.#wait(this.#times.firstMs);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
  }

  #wait(ms: number): void {
    if (this.#isDisposed) return;
    this.#timer = this.#clock.schedule(ms, () => {
      this.#timer = undefined;
      if (!this.#isWanted) return;
      this.#isWanted = false;
      this.#act();
      this.#wait(this.#times.everyMs);
    });
  }
}
