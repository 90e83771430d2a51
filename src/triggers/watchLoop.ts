/** A restart that a changed file caused. */
export interface WatchRestart {
  /** The file that changed first. */
  readonly file: string;
  /** From the start of the run to the change that ended it, in ms. */
  readonly afterStartMs: number;
}

/** So many restarts in a row, by the same file, make a loop. */
export const loopLength = 5;
/** A file that changes this soon after each start is most likely written by the process. */
const soonMs = 3_000;
/** One that changes later is, if it always does so after the same time: up to this one, … */
const slowMs = 30_000;
/** … and with delays that differ from their mean by no more than this part of it. */
const spread = 0.2;

/**
 * Adds a restart to those before it. A run that went on for long without a change shows that there
 * is no loop, and ends the row; so does another file.
 */
export function addRestart(
  row: readonly WatchRestart[],
  restart: WatchRestart,
): readonly WatchRestart[] {
  if (restart.afterStartMs > slowMs) return [];
  const before = row.at(-1)?.file === restart.file ? row : [];
  return [...before, restart].slice(-loopLength);
}

/**
 * Does the process cause its own restarts? A person who saves the same file again and again is told
 * from that by pace: nobody does so five times within seconds of each start, or like clockwork.
 */
export function isLoop(row: readonly WatchRestart[]): boolean {
  if (row.length < loopLength) return false;
  const delays = row.map(({ afterStartMs }) => afterStartMs);
  if (delays.every((delayMs) => delayMs <= soonMs)) return true;
  const mean = delays.reduce((sum, delayMs) => sum + delayMs, 0) / delays.length;
  return delays.every((delayMs) => Math.abs(delayMs - mean) <= spread * mean);
}
