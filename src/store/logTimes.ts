import { appendFileSync } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';

/** Marks are at least this far apart, in ms: a log of a month has some megabytes of them. */
const betweenMarksMs = 10_000;
/** Times of files are behind the clock, on some file systems by as much, in ms. */
const coarsenessMs = 2_000;
/** A line is cut there by those who show it. In bytes. */
const maxLineBytes = 8 * 1024;

/** Beside a log, when it had which size: a time in ms since the epoch and the bytes in each line. */
export function logTimesPath(logPath: string): string {
  return `${logPath}.times`;
}

/** Notes when a log has grown, at most every ten seconds. */
export class LogTimes {
  readonly #logPath: string;
  #markedAtMs = Number.NEGATIVE_INFINITY;
  #markedBytes = 0;

  constructor(logPath: string) {
    this.#logPath = logPath;
  }

  /** To be told what the log has now. @throws the system's error */
  note(bytes: number, nowMs: number): void {
    if (bytes === this.#markedBytes) return;
    // A clock that was put back goes on from there.
    const isSoon = nowMs >= this.#markedAtMs && nowMs < this.#markedAtMs + betweenMarksMs;
    if (isSoon) return;
    appendFileSync(logTimesPath(this.#logPath), `${nowMs} ${bytes}\n`, { mode: 0o600 });
    this.#markedAtMs = nowMs;
    this.#markedBytes = bytes;
  }
}

/**
 * Where in a log what was written after a time begins, at the beginning of a line. What was written
 * after that is behind it; what is behind it can be older by as much as marks are apart, or as long
 * as nobody was there to make them.
 */
export async function offsetSince(logPath: string, sinceMs: number): Promise<number> {
  const log = await open(logPath).catch(() => undefined);
  if (log === undefined) return 0;
  try {
    const { mtimeMs, size } = await log.stat();
    if (mtimeMs + coarsenessMs < sinceMs) return size;
    const marks = await readFile(logTimesPath(logPath), 'utf8').catch(() => '');
    return await lineStart(log, lastMark(marks, sinceMs, size));
  } finally {
    await log.close();
  }
}

function lastMark(marks: string, sinceMs: number, size: number): number {
  let offset = 0;
  for (const line of marks.split('\n')) {
    const [timeMs = Number.NaN, bytes = Number.NaN] = line.split(' ').map(Number);
    if (timeMs <= sinceMs && bytes <= size) offset = Math.max(offset, bytes);
  }
  return offset;
}

/** Programs write lines in pieces, and a mark can stand between two. */
async function lineStart(log: FileHandle, offset: number): Promise<number> {
  const from = Math.max(0, offset - maxLineBytes);
  const buffer = Buffer.alloc(offset - from);
  const { bytesRead } = await log.read(buffer, 0, buffer.length, from);
  const lineFeed = buffer.subarray(0, bytesRead).lastIndexOf('\n');
  return lineFeed === -1 ? from : from + lineFeed + 1;
}
