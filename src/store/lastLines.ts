import { open } from 'node:fs/promises';
import { stripAnsi } from './ansi.ts';

/** This much of the end of a file is looked at, in bytes. */
const readBytes = 16_384;

/** The last lines of a log, without empty ones at its end and without colours. None if it is not there. */
export async function lastLines(file: string, count: number): Promise<readonly string[]> {
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    const length = Math.min(size, readBytes);
    const buffer = Buffer.alloc(length);
    await handle.read(buffer, 0, length, size - length);
    const lines = buffer.toString('utf8').trimEnd().split(/\r?\n/);
    // The first one is cut, unless it is the whole file.
    if (size > length) lines.shift();
    return lines.slice(-count).map(stripAnsi);
  } catch {
    return [];
  }
}
