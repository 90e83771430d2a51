/** What waits for the others is not held up longer than this, in ms. */
const maxDelayMs = 500;
/** So much of what has waited is gone on with in one turn. */
const atOnce = 10;

/**
 * Hands out turns of the event loop, one a call, in order: work that blocks for a millisecond each
 * is spread, so that other work comes in between. What can wait until all of that is done, does.
 */
export class Turns {
  #last = Promise.resolve();
  #waiting = 0;
  #afterwards: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isResuming = false;
  readonly #delayMs: number;

  /** `delayMs`: the longest that `afterwards` takes while there are always others. */
  constructor(delayMs: number = maxDelayMs) {
    this.#delayMs = delayMs;
  }

  /** Resolves in a turn of its own. */
  next(): Promise<void> {
    this.#waiting += 1;
    this.#last = this.#last.then(() => new Promise((resolve) => setImmediate(resolve)));
    return this.#last.then(() => {
      this.#waiting -= 1;
      // Who had the last turn may have nothing to say afterwards.
      if (this.#waiting === 0) setImmediate(() => this.#resumeIfIdle());
    });
  }

  /** Resolves when nobody waits for a turn any more, or when this has taken too long. */
  afterwards(): Promise<void> {
    return new Promise((resolve) => {
      this.#afterwards.push(resolve);
      this.#resumeIfIdle();
      if (!this.#isResuming && this.#afterwards.length > 0) {
        this.#timer ??= setTimeout(() => this.#resume(), this.#delayMs);
      }
    });
  }

  #resumeIfIdle(): void {
    if (this.#waiting === 0 && !this.#isResuming && this.#afterwards.length > 0) this.#resume();
  }

  #resume(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const resume of this.#afterwards.splice(0, atOnce)) resume();
    this.#isResuming = this.#afterwards.length > 0;
    if (this.#isResuming) setImmediate(() => this.#resume());
  }
}
