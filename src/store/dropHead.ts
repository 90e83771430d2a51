import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { temporaryName } from './atomicFile.ts';
import { readLogHead, writeLogHead } from './logHead.ts';

const sliceBytes = 64 * 1024;
const lineFeed = 0x0a;

/** A line longer than this is cut rather than kept whole. */
const maxLineBytes = 1024 * 1024;

/** How the head of a log was dropped; `unable`: holes cannot be made here, and it is still there. */
export type DropResult = 'hole' | 'rewritten' | 'unable';

export interface DropOptions {
  /** A program writes to the file: it must stay the same file, and no byte may move. */
  readonly isLiving: boolean;
}

/** What the log takes on disk, without what was dropped, in bytes; 0 when it is not there. */
export async function keptBytes(logPath: string): Promise<number> {
  const stats = await stat(logPath).catch(() => undefined);
  if (stats === undefined) return 0;
  const head = readLogHead(logPath);
  return head > stats.size ? stats.size : stats.size - head;
}

/**
 * Drops at least the oldest `bytes` of what is kept of a log, up to the end of a line. The program
 * that writes it notices nothing: it holds the file by descriptor, so the file can neither be
 * renamed nor moved together under it, but its beginning can become a hole that takes no space, and
 * all offsets stay true. Rejects with the system error when the file cannot be read or written.
 */
export async function dropHead(
  logPath: string,
  bytes: number,
  { isLiving }: DropOptions,
): Promise<DropResult> {
  const before = readLogHead(logPath);
  const head = await lineStartAt(logPath, before + bytes);
  await writeLogHead(logPath, head);
  if (await punchHole(logPath, head)) return 'hole';
  if (!isLiving) {
    await rewriteFrom(logPath, head);
    return 'rewritten';
  }
  await writeLogHead(logPath, before);
  return 'unable';
}

/** The first beginning of a line at or after `offset`; the offset itself in the midst of a long one. */
async function lineStartAt(logPath: string, offset: number): Promise<number> {
  let file: FileHandle | undefined;
  try {
    file = await open(logPath, 'r');
    const buffer = Buffer.allocUnsafe(sliceBytes);
    // The byte before: the offset may be the beginning of a line already.
    for (let at = offset - 1; at < offset + maxLineBytes;) {
      const { bytesRead } = await file.read(buffer, 0, sliceBytes, at);
      if (bytesRead === 0) break;
      const feed = buffer.subarray(0, bytesRead).indexOf(lineFeed);
      if (feed !== -1) return at + feed + 1;
      at += bytesRead;
    }
    return offset;
  } finally {
    await file?.close();
  }
}

/**
 * Makes the first `bytes` of a file a hole. Node has no call for it; `fallocate` of util-linux, which
 * every usual Linux has, does. False where there is none, or the file system knows no holes.
 */
function punchHole(file: string, bytes: number): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(false);
  const args = ['--punch-hole', '--offset', '0', '--length', String(bytes), file];
  return new Promise((resolve) => {
    execFile('fallocate', args, { timeout: 60_000 }, (error) => resolve(error === null));
  });
}

/** For a log that nobody writes any more. */
async function rewriteFrom(logPath: string, offset: number): Promise<void> {
  const rest = temporaryName(logPath);
  await pipeline(
    createReadStream(logPath, { start: offset }),
    createWriteStream(rest, { mode: 0o600 }),
  );
  await rename(rest, logPath);
  await writeLogHead(logPath, 0);
}
