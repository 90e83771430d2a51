import type { watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Clock, systemClock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { fileSize } from './fileSize.ts';
import { FileWake } from './fileWake.ts';
import { readLogHead } from './logHead.ts';
import type { SharedPoll } from './sharedPoll.ts';

const sliceBytes = 64 * 1024;
const defaultMaxBacklogBytes = 256 * 1024;
const lineFeed = 0x0a;

export interface FollowOptions {
  readonly path: string;
  /** Where to begin, in bytes; 0 by default. */
  readonly offset?: number;
  /**
   * When further behind than this, the tail leaps to the last 64 KB. 256 KB by default; `Infinity`
   * reads everything, for readers that must not miss a line.
   */
  readonly maxBacklogBytes?: number;
  /** Waited for between two slices: whoever passes the output on may be slower than the file. */
  readonly drained?: () => Promise<void>;
  readonly clock?: Clock;
  readonly safety?: SharedPoll;
  readonly watch?: typeof watch;
}

export interface FileTailOptions extends FollowOptions {
  /** Gets what the file holds, in order. The buffer is used again afterwards. */
  readonly onBytes: (bytes: Buffer) => void;
  /** That many bytes were left out; the next ones begin a line. */
  readonly onGap: (bytes: number) => void;
  /** The file was truncated; the next bytes are its first. */
  readonly onRestart: () => void;
}

/**
 * Follows a log file that grows. The file may appear later, be truncated, upon which the tail begins
 * anew at its start, or lose its head, which is then passed over (see logHead.ts). Errors of reading
 * count as "nothing new".
 */
export class FileTail implements Disposable {
  readonly #path: string;
  readonly #maxBacklogBytes: number;
  readonly #disposables = new DisposableStore();
  // Emitters, so that a listener that throws is reported and does not end the reading.
  readonly #bytes = this.#disposables.add(new Emitter<Buffer>());
  readonly #gap = this.#disposables.add(new Emitter<number>());
  readonly #restart = this.#disposables.add(new Emitter<void>());
  readonly #drained: (() => Promise<void>) | undefined;
  /** All reading goes one after the other through here. */
  #reading: Promise<unknown> = Promise.resolve();
  #offset: number;
  #hasDelivered = false;

  constructor(options: FileTailOptions) {
    this.#path = options.path;
    this.#offset = options.offset ?? 0;
    this.#maxBacklogBytes = options.maxBacklogBytes ?? defaultMaxBacklogBytes;
    this.#drained = options.drained;
    this.#bytes.event(options.onBytes);
    this.#gap.event(options.onGap);
    this.#restart.event(options.onRestart);
    this.#disposables.add(
      new FileWake({
        ...options,
        clock: options.clock ?? systemClock,
        look: () => this.read(),
        mayHaveNews: () => fileSize(this.#path) !== this.#offset,
      }),
    );
  }

  /** Just after what was delivered last, in bytes. */
  get offset(): number {
    return this.#offset;
  }

  get isDisposed(): boolean {
    return this.#disposables.isDisposed;
  }

  /** Reads to the present end, after what is already being read. Tells whether there was something. */
  read(): Promise<boolean> {
    const reading = this.#reading.then(() => this.#readToEnd());
    this.#reading = reading;
    return reading;
  }

  /** Ends the following; nothing is delivered from now on. */
  dispose(): void {
    this.#disposables.dispose();
  }

  async #readToEnd(): Promise<boolean> {
    // Most looks find nothing, and to open a file takes other threads.
    if (this.#isDisposed() || fileSize(this.#path) === this.#offset) return false;
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
    this.#restart.fire();
  }

  async #readUpTo(file: FileHandle, end: number): Promise<void> {
    const buffer = Buffer.allocUnsafe(Math.min(sliceBytes, Math.max(0, end - this.#offset)));
    while (this.#offset < end) {
      const wanted = Math.min(buffer.length, end - this.#offset);
      const { bytesRead } = await file.read(buffer, 0, wanted, this.#offset);
      if (bytesRead === 0 || this.#isDisposed()) return;
      const bytes = buffer.subarray(0, bytesRead);
      const head = await this.#headBehind(file, bytes, this.#offset);
      if (head !== undefined) {
        if (this.#isDisposed()) return;
        this.#goTo(head);
        continue;
      }
      this.#offset += bytesRead;
      this.#hasDelivered = true;
      this.#bytes.fire(bytes);
      await this.#drained?.();
      if (this.#isDisposed()) return;
    }
  }

  /**
   * Where to go on when the head of the file was dropped before these bytes were read, or while they
   * were: the head is written down first, so whoever reads a zero of the hole finds it.
   */
  async #headBehind(file: FileHandle, bytes: Buffer, offset: number): Promise<number | undefined> {
    if (!bytes.includes(0)) return undefined;
    const head = readLogHead(this.#path);
    if (head <= offset) return undefined;
    // Somebody may have truncated the file since.
    return head <= (await file.stat()).size ? head : undefined;
  }

  #goTo(target: number): void {
    const bytes = target - this.#offset;
    this.#offset = target;
    // What was gone before one came is not missed.
    if (this.#hasDelivered) this.#gap.fire(bytes);
  }

  /** Goes to the first line that begins in the last slice of the file. */
  async #leap(file: FileHandle, end: number): Promise<void> {
    const from = end - sliceBytes;
    const buffer = Buffer.allocUnsafe(sliceBytes);
    const { bytesRead } = await file.read(buffer, 0, sliceBytes, from);
    if (this.#isDisposed()) return;
    const bytes = buffer.subarray(0, bytesRead);
    const head = await this.#headBehind(file, bytes, from);
    const feed = bytes.indexOf(lineFeed);
    // One line that fills the whole slice is taken from the middle, rather than not at all.
    const target = head ?? (feed === -1 ? from : from + feed + 1);
    const dropped = this.#hasDelivered ? 0 : Math.min(target, readLogHead(this.#path));
    const leftOut = target - Math.max(this.#offset, dropped);
    this.#offset = target;
    this.#gap.fire(leftOut);
  }
}
