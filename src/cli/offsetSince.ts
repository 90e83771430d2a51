import { readFile, stat } from 'node:fs/promises';

/**
 * Where in a log what was written after a time begins, as exactly as is known: by the marks of time
 * beside the log (`12.log.times`: a time in ms and the size at that time in each line), or else by
 * when it was written last.
 */
export async function offsetSince(logPath: string, sinceMs: number): Promise<number> {
  const stats = await stat(logPath).catch(() => undefined);
  if (stats === undefined) return 0;
  if (stats.mtimeMs < sinceMs) return stats.size;
  const marks = await readFile(`${logPath}.times`, 'utf8').catch(() => '');
  let offset = 0;
  for (const line of marks.split('\n')) {
    const [timeMs = NaN, size = NaN] = line.split(' ').map(Number);
    if (timeMs <= sinceMs && size <= stats.size) offset = Math.max(offset, size);
  }
  return offset;
}
