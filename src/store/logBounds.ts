/** How much of the logs of a process is kept, over all its runs. */
export interface LogBounds {
  /** Of one file, in bytes. */
  readonly maxSizeBytes: number;
  /** Files of that size. */
  readonly maxFiles: number;
}

/** What a run keeps on disk, in bytes. */
export interface RunSize {
  readonly run: number;
  readonly bytes: number;
}

/** What has to go of a run: its oldest bytes, or all of it. */
export type LogDrop =
  | { readonly run: number; readonly kind: 'head'; readonly bytes: number }
  | { readonly run: number; readonly kind: 'all' };

/**
 * What has to go so that the logs stay within their bounds: the oldest output first, of the oldest
 * run first, one file's size at a time. The newest run is shortened and never removed.
 */
export function planDrops(runs: readonly RunSize[], bounds: LogBounds): LogDrop[] {
  const { maxSizeBytes, maxFiles } = bounds;
  const total = runs.reduce((sum, { bytes }) => sum + bytes, 0);
  const limit = maxSizeBytes * maxFiles;
  if (total <= limit) return [];
  // Where there is one file only, half of it is kept: something has to be there to be read.
  const target = maxFiles > 1 ? limit - maxSizeBytes : limit / 2;
  let excess = Math.ceil(total - target);
  const drops: LogDrop[] = [];
  const oldestFirst = [...runs].sort((a, b) => a.run - b.run);
  const newest = oldestFirst.at(-1)?.run;
  for (const { run, bytes } of oldestFirst) {
    if (excess <= 0) break;
    if (run !== newest && bytes <= excess) drops.push({ run, kind: 'all' });
    else drops.push({ run, kind: 'head', bytes: Math.min(excess, bytes) });
    excess -= bytes;
  }
  return drops;
}
