import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { FileTail, type FollowOptions } from './fileTail.ts';
import { LineSplitter } from './lineSplitter.ts';

export interface LogTailOptions extends FollowOptions {
  /** Where to begin, in bytes; a `position` of an earlier tail, or 0. */
  readonly offset?: number;
  /** Gets the lines as they are completed, in order, with their escape sequences. */
  readonly onLines: (lines: string[]) => void;
  /** That many bytes were left out before the next lines, because the file grew too fast. */
  readonly onSkipped?: (bytes: number) => void;
}

/** Follows a log file like `FileTail`, and delivers its lines. */
export class LogTail implements Disposable {
  readonly #splitter = new LineSplitter();
  readonly #disposables = new DisposableStore();
  // Emitters, so that a listener that throws is reported and does not end the reading.
  readonly #lines = this.#disposables.add(new Emitter<string[]>());
  readonly #skipped = this.#disposables.add(new Emitter<number>());
  readonly #file: FileTail;

  constructor(options: LogTailOptions) {
    this.#lines.event(options.onLines);
    if (options.onSkipped !== undefined) this.#skipped.event(options.onSkipped);
    this.#file = this.#disposables.add(
      new FileTail({
        ...options,
        onBytes: (bytes) => {
          const lines = this.#splitter.push(bytes);
          if (lines.length > 0) this.#lines.fire(lines);
        },
        onGap: (bytes) => {
          // The line that was broken off is left out as well.
          const leftOut = bytes + this.#splitter.pendingBytes;
          this.#splitter.reset();
          this.#skipped.fire(leftOut);
        },
        onRestart: () => this.#splitter.reset(),
      }),
    );
  }

  /** Offset just after the last delivered line: from here, another tail repeats and misses nothing. */
  get position(): number {
    return this.#file.offset - this.#splitter.pendingBytes;
  }

  /** Resolves when everything the file held at the time of the call was delivered, line by line. */
  async catchUp(): Promise<void> {
    await this.#file.read();
  }

  /**
   * Like `catchUp`, and also delivers a last line that has no line feed: for the end of a run,
   * whose last words it may be.
   */
  async flush(): Promise<void> {
    await this.#file.read();
    if (this.#file.isDisposed) return;
    const last = this.#splitter.end();
    if (last !== undefined) this.#lines.fire([last]);
  }

  /** Ends the following; nothing is delivered from now on. */
  dispose(): void {
    this.#disposables.dispose();
  }
}
