import type { watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Clock, systemClock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { FileWake } from './fileWake.ts';
import { LineSplitter } from './lineSplitter.ts';
import type { SharedPoll } from './sharedPoll.ts';

const sliceBytes = 64 * 1024;
const defaultMaxBacklogBytes = 256 * 1024;
const lineFeed = 0x0a;

export interface LogTailOptions {
  readonly path: string;
  /** Where to begin, in bytes; a `position` of an earlier tail, or 0. */
  readonly offset?: number;
  /** Gets the lines as they are completed, in order, with their escape sequences. */
  readonly onLines: (lines: string[]) => void;
  /** That many bytes were left out before the next lines, because the file grew too fast. */
  readonly onSkipped?: (bytes: number) => void;
  /**
   * When further behind than this, the tail leaps to the last 64 KB. 256 KB by default; `Infinity`
   * reads everything, for readers that must not miss a line.
   */
  readonly maxBacklogBytes?: number;
  readonly clock?: Clock;
  readonly safety?: SharedPoll;
  readonly watch?: typeof watch;
}

/**
 * Follows a log file that grows, and delivers its lines. The file may appear later, and may be
 * truncated, upon which the tail begins anew at its start. Errors of reading count as "nothing new".
 */
export class LogTail implements Disposable {
  readonly #path: string;
  readonly #maxBacklogBytes: number;
  readonly #splitter = new LineSplitter();
  readonly #disposables = new DisposableStore();
  // Emitters, so that a listener that throws is reported and does not end the reading.
  readonly #lines = this.#disposables.add(new Emitter<string[]>());
  readonly #skipped = this.#disposables.add(new Emitter<number>());
  /** All reading goes one after the other through here. */
  #reading: Promise<unknown> = Promise.resolve();
  #offset: number;

  constructor(options: LogTailOptions) {
    this.#path = options.path;
    this.#offset = options.offset ?? 0;
    this.#maxBacklogBytes = options.maxBacklogBytes ?? defaultMaxBacklogBytes;
    this.#lines.event(options.onLines);
    if (options.onSkipped !== undefined) this.#skipped.event(options.onSkipped);
    this.#disposables.add(
      new FileWake({
        ...options,
        clock: options.clock ?? systemClock,
        look: () => this.#read(),
      }),
    );
  }

  /** Offset just after the last delivered line: from here, another tail repeats and misses nothing. */
  get position(): number {
    return this.#offset - this.#splitter.pendingBytes;
  }

  /** Resolves when everything the file held at the time of the call was delivered, line by line. */
  async catchUp(): Promise<void> {
    await this.#read();
  }

  /**
   * Like `catchUp`, and also delivers a last line that has no line feed: for the end of a run,
   * whose last words it may be.
   */
  async flush(): Promise<void> {
    await this.#read();
    if (this.#isDisposed()) return;
    const last = this.#splitter.end();
    if (last !== undefined) this.#lines.fire([last]);
  }

  /** Ends the following; nothing is delivered from now on. */
  dispose(): void {
    this.#disposables.dispose();
  }

  /** Reads to the present end, after what is already being read. Tells whether there was something. */
  #read(): Promise<boolean> {
    const reading = this.#reading.then(() => this.#readToEnd());
    this.#reading = reading;
    return reading;
  }

  async #readToEnd(): Promise<boolean> {
    if (this.#isDisposed()) return false;
    let file: FileHandle | undefined;
    try {
      file = await open(this.#path, 'r');
      const { size } = await file.stat();
      if (this.#isDisposed() || size === this.#offset) return false;
      if (size < this.#offset) this.#startOver();
      if (size - this.#offset > this.#maxBacklogBytes) await this.#leap(file, size);
      await this.#readUpTo(file, size);
      return true;
    } catch {
      // Not there yet, or not readable just now: the next look tells.
      return false;
    } finally {
      await file?.close().catch(() => undefined);
    }
  }

  // A method, since the compiler takes a property for unchanged across an await.
  #isDisposed(): boolean {
    return this.#disposables.isDisposed;
  }

  #startOver(): void {
    this.#offset = 0;
    this.#splitter.reset();
  }

  async #readUpTo(file: FileHandle, end: number): Promise<void> {
    const buffer = Buffer.allocUnsafe(Math.min(sliceBytes, end - this.#offset));
    while (this.#offset < end) {
      const wanted = Math.min(buffer.length, end - this.#offset);
      const { bytesRead } = await file.read(buffer, 0, wanted, this.#offset);
      if (bytesRead === 0 || this.#isDisposed()) return;
      const lines = this.#splitter.push(buffer.subarray(0, bytesRead));
      this.#offset += bytesRead;
      if (lines.length > 0) this.#lines.fire(lines);
    }
  }

  /** Goes to the first line that begins in the last slice of the file. */
  async #leap(file: FileHandle, end: number): Promise<void> {
    const from = end - sliceBytes;
    const buffer = Buffer.allocUnsafe(sliceBytes);
    const { bytesRead } = await file.read(buffer, 0, sliceBytes, from);
    if (this.#isDisposed()) return;
    const feed = buffer.subarray(0, bytesRead).indexOf(lineFeed);
    // One line that fills the whole slice is taken from the middle, rather than not at all.
    const target = feed === -1 ? from : from + feed + 1;
    const bytes = target - this.position;
    this.#offset = target;
    this.#splitter.reset();
    this.#skipped.fire(bytes);
  }
}
