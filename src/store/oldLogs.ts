import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { keptBytes } from './dropHead.ts';
import { filesByRun } from './logFile.ts';

/** The logs of runs that are over, in one environment. */
export interface OldLogs {
  readonly runs: number;
  /** That they take on disk. */
  readonly bytes: number;
  readonly files: readonly string[];
}

/** Finds what can be deleted below `logsFolder`: all but the runs whose log is in `living`. */
export async function findOldLogs(
  logsFolder: string,
  living: ReadonlySet<string>,
): Promise<OldLogs> {
  let runs = 0;
  let bytes = 0;
  const files: string[] = [];
  for (const process of await namesIn(logsFolder)) {
    const folder = path.join(logsFolder, process);
    for (const [run, ofRun] of filesByRun(folder, await namesIn(folder))) {
      if (living.has(path.join(folder, `${String(run)}.log`))) continue;
      runs += 1;
      files.push(...ofRun);
      for (const file of ofRun) bytes += await bytesOf(file);
    }
  }
  return { runs, bytes, files };
}

/** Deletes what was found; what cannot be deleted stays. Resolves with how many files that are. */
export async function deleteOldLogs({ files }: OldLogs): Promise<number> {
  const results = await Promise.allSettled(files.map((file) => rm(file, { force: true })));
  return results.filter((result) => result.status === 'rejected').length;
}

function bytesOf(file: string): Promise<number> {
  if (/\d\.(?:log|stdout|stderr)$/.test(file)) return keptBytes(file);
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
