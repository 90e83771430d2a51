import { write } from 'node:fs';
import { systemErrorCode } from '../base/errors.ts';

/** Writers that can wait do so from here on; in bytes. */
const highWaterBytes = 256 * 1024;
/** Of several waiting texts as much is written at once; in bytes. */
const batchBytes = 64 * 1024;
/** A pipe that is full and does not block is tried again after this, in ms. */
const fullPauseMs = 5;

/**
 * Standard output. A slow reader (a pager, a pipe that nobody empties) must not hold up a program
 * that keeps processes running, as `process.stdout` would: writes to a pipe block there. A reader
 * that goes away (`| head`) is no error.
 */
export class Output {
  readonly isTerminal: boolean;
  readonly #fd: number;
  readonly #onClosed = new Set<() => void>();
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isWriting = false;
  #isClosed = false;
  #changed = new Set<() => void>();

  constructor(fd: number, isTerminal: boolean) {
    this.#fd = fd;
    this.isTerminal = isTerminal;
  }

  /** The reader has gone; what is written is lost. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  onClosed(listener: () => void): void {
    this.#onClosed.add(listener);
  }

  write(text: string): void {
    if (this.#isClosed || text === '') return;
    const bytes = Buffer.from(text);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (!this.#isWriting) void this.#writeAll();
  }

  line(text = ''): void {
    this.write(`${text}\n`);
  }

  /** Resolves when there is room for more, or nobody reads any more. */
  async drained(): Promise<void> {
    await this.#until(() => this.#waitingBytes < highWaterBytes);
  }

  /** Resolves when everything is written. */
  async flush(): Promise<void> {
    await this.#until(() => this.#waitingBytes === 0);
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!this.#isClosed && !condition()) {
      await new Promise<void>((resolve) => this.#changed.add(resolve));
    }
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    // What else is written in this turn goes along.
    await Promise.resolve();
    while (this.#waiting.length > 0 && !this.#isClosed) {
      const batch = Buffer.concat(this.#takeBatch());
      await this.#writeBatch(batch);
      this.#waitingBytes -= batch.length;
      const changed = this.#changed;
      this.#changed = new Set();
      for (const resolve of changed) resolve();
    }
    this.#isWriting = false;
  }

  #takeBatch(): Buffer[] {
    let bytes = 0;
    let length = 0;
    while (length < this.#waiting.length && bytes < batchBytes) {
      bytes += this.#waiting[length]?.length ?? 0;
      length += 1;
    }
    return this.#waiting.splice(0, length);
  }

  async #writeBatch(batch: Buffer): Promise<void> {
    let rest = batch;
    while (rest.length > 0 && !this.#isClosed) {
      try {
        rest = rest.subarray(await writeSome(this.#fd, rest));
      } catch (error) {
        if (systemErrorCode(error) === 'EAGAIN') await pause(fullPauseMs);
        else this.#close();
      }
    }
  }

  #close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    for (const resolve of this.#changed) resolve();
    for (const listener of this.#onClosed) listener();
  }
}

function writeSome(fd: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, (error, written) => {
      if (error === null) resolve(written);
      else reject(error);
    });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
