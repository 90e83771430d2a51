import { existsSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Opens the log file of a run for a child to write to, and makes its folder if need be. The caller
 * closes the descriptor once the child has it. Synchronous and cheap: a start waits for it.
 * Appending keeps stdout and stderr in order on one file, and lets the file be truncated while the
 * child writes.
 * @throws the system error when the file cannot be made.
 */
export function openLogFile(file: string): number {
  const folder = path.dirname(file);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return openSync(file, 'a', 0o600);
}

export interface PruneOptions {
  /** Newest runs to keep whatever their age. */
  readonly keep?: number;
  /** Runs beyond `keep` go; within it, those older than this go too, except the newest. */
  readonly maxAgeMs?: number;
  readonly nowMs?: number;
}

const defaultKeep = 10;
const defaultMaxAgeMs = 30 * 24 * 60 * 60 * 1000;

/**
 * Removes the files of old runs from the log folder of a process: all but the newest `keep` runs
 * (10), and what was last written more than `maxAgeMs` (30 days) ago. The newest run always stays.
 * Returns the numbers of the runs removed. What cannot be removed is left for the next time.
 */
export async function pruneLogs(
  logFolder: string,
  { keep = defaultKeep, maxAgeMs = defaultMaxAgeMs, nowMs = Date.now() }: PruneOptions = {},
): Promise<number[]> {
  const runs = filesByRun(logFolder, await readdir(logFolder).catch(() => []));
  const newestFirst = [...runs].sort(([a], [b]) => b - a);
  const removed: number[] = [];
  for (const [index, [run, files]] of newestFirst.entries()) {
    if (index === 0) continue;
    if (index < keep && !(await areAllOlder(files, nowMs - maxAgeMs))) continue;
    const results = await Promise.allSettled(files.map((file) => rm(file, { force: true })));
    if (results.every((result) => result.status === 'fulfilled')) removed.push(run);
  }
  return removed;
}

/**
 * The highest number of a run that left files in the log folder of a process, 0 for none. The next
 * run must be above it even if its record was lost, or it would append to the log of another run
 * and be given that one's exit code.
 */
export function latestRun(logFolder: string): number {
  try {
    return Math.max(0, ...filesByRun(logFolder, readdirSync(logFolder)).keys());
  } catch {
    return 0;
  }
}

/** What a run leaves in the log folder; beside a log, where it begins, when it had which size, and a copy to look at. */
const runFile = /^(\d+)\.(?:exit|launch|(?:log|stdout|stderr)(?:\.head|\.times|\.copy\.log)?)$/;

/** The files of each run, by its number. Absolute when the folder is. */
export function filesByRun(logFolder: string, names: readonly string[]): Map<number, string[]> {
  const byRun = new Map<number, string[]>();
  for (const name of names) {
    const run = runFile.exec(name)?.[1];
    if (run === undefined) continue;
    const files = byRun.get(Number(run)) ?? [];
    files.push(path.join(logFolder, name));
    byRun.set(Number(run), files);
  }
  return byRun;
}

async function areAllOlder(files: readonly string[], thanMs: number): Promise<boolean> {
  for (const file of files) {
    const stats = await stat(file).catch(() => undefined);
    if (stats !== undefined && stats.mtimeMs >= thanMs) return false;
  }
  return true;
}
