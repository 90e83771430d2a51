import * as l10n from '@vscode/l10n';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Bytes of a line that are kept; the rest is counted. */
const defaultMaxLineBytes = 8 * 1024;

/**
 * Cuts a stream of bytes into lines of text, in memory bounded by one line.
 *
 * Works on bytes: a line feed is never part of a longer UTF-8 character, so characters that span
 * two chunks are whole again before they are decoded. What is not UTF-8 shows as U+FFFD. A line
 * that was overwritten with carriage returns (a progress bar) counts as what it shows last. A line
 * over `maxLineBytes` is cut, and says how much is left out.
 */
export class LineSplitter {
  readonly #maxLineBytes: number;
  /** The line so far, since the last carriage return that did not precede a line feed. */
  readonly #line: Buffer;
  #length = 0;
  #leftOut = 0;
  /** The line so far ended in carriage returns; the next byte tells what they meant. */
  #isAfterReturn = false;
  #pendingBytes = 0;

  constructor(maxLineBytes: number = defaultMaxLineBytes) {
    this.#maxLineBytes = maxLineBytes;
    this.#line = Buffer.allocUnsafe(maxLineBytes);
  }

  /** Bytes taken in since the last line feed, kept or not. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Takes in a chunk, which may be reused afterwards, and returns the lines it completes. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let rest = chunk;
    if (this.#pendingBytes > 0) rest = this.#pushLine(rest, lines);
    const end = rest.lastIndexOf(lineFeed);
    const plain = end === -1 ? undefined : plainLines(rest.subarray(0, end), this.#maxLineBytes);
    if (plain !== undefined) rest = rest.subarray(end + 1);
    const all = plain === undefined ? lines : lines.concat(plain);
    while (rest.length > 0) rest = this.#pushLine(rest, all);
    return all;
  }

  /** Takes in what there is of one line, adds it when it is complete, and returns what follows. */
  #pushLine(bytes: Buffer, lines: string[]): Buffer {
    const feed = bytes.indexOf(lineFeed);
    const end = feed === -1 ? bytes.length : feed;
    if (end > 0) this.#append(bytes.subarray(0, end));
    if (feed !== -1) lines.push(this.#take());
    return bytes.subarray(end + 1);
  }

  /** The line that has not ended yet, if there is one, as if it ended here. */
  end(): string | undefined {
    return this.#pendingBytes === 0 ? undefined : this.#take();
  }

  /** Forgets the line that has not ended yet. */
  reset(): void {
    this.#length = 0;
    this.#leftOut = 0;
    this.#isAfterReturn = false;
    this.#pendingBytes = 0;
  }

  #append(piece: Buffer): void {
    this.#pendingBytes += piece.length;
    let end = piece.length;
    while (end > 0 && piece[end - 1] === carriageReturn) end -= 1;
    if (end > 0) {
      const lastReturn = piece.lastIndexOf(carriageReturn, end - 1);
      if (lastReturn !== -1 || this.#isAfterReturn) {
        this.#length = 0;
        this.#leftOut = 0;
      }
      const from = lastReturn + 1;
      const kept = Math.min(end - from, this.#maxLineBytes - this.#length);
      piece.copy(this.#line, this.#length, from, from + kept);
      this.#length += kept;
      this.#leftOut += end - from - kept;
    }
    this.#isAfterReturn = end < piece.length || (end === 0 && this.#isAfterReturn);
  }

  #take(): string {
    let text: string;
    if (this.#leftOut === 0) {
      text = this.#line.toString('utf8', 0, this.#length);
    } else {
      const end = characterBoundary(this.#line, this.#length);
      const leftOut = this.#leftOut + this.#length - end;
      const kept = this.#line.toString('utf8', 0, end);
      text = l10n.t('{0}… [{1} more bytes]', kept, leftOut);
    }
    this.reset();
    return text;
  }
}

/**
 * The lines of whole lines, several times as fast as line by line; undefined when one
 * of them may be too long, or was overwritten.
 */
function plainLines(bytes: Buffer, maxLineBytes: number): string[] | undefined {
  if (bytes.includes(carriageReturn)) return undefined;
  const lines = bytes.toString('utf8').split('\n');
  // A unit of UTF-16 stands for three bytes at most.
  return lines.every((line) => line.length * 3 <= maxLineBytes) ? lines : undefined;
}

/** The end of the last whole UTF-8 character in the first `length` bytes, which are cut there. */
function characterBoundary(bytes: Buffer, length: number): number {
  // A character has at most four bytes; all but its first are 10xxxxxx.
  for (let back = 1; back <= Math.min(4, length); back += 1) {
    const byte = bytes[length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? length - back : length;
  }
  return length;
}
