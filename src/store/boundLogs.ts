import { readdir, rm } from 'node:fs/promises';
import { dropHead, keptBytes } from './dropHead.ts';
import { type LogBounds, planDrops } from './logBounds.ts';
import { filesByRun } from './logFile.ts';

export interface BoundLogsOptions {
  readonly bounds: LogBounds;
  /** The run that a program writes now, if there is one. */
  readonly livingRun: number | undefined;
}

export interface BoundLogsResult {
  /** Bytes that can be written until there is something to do again. */
  readonly roomBytes: number;
  /** The log of the living run takes more than it may: no head can be dropped here. */
  readonly isOverBound: boolean;
}

/**
 * Keeps the logs of a process within their bounds. Rejects with the system error when a file cannot
 * be read, written or removed; what was done until then counts.
 */
export async function boundLogs(
  logFolder: string,
  { bounds, livingRun }: BoundLogsOptions,
): Promise<BoundLogsResult> {
  const limit = bounds.maxSizeBytes * bounds.maxFiles;
  const runs = await sizes(logFolder);
  let isOverBound = false;
  for (const drop of planDrops(runs, bounds)) {
    const run = runs.find((each) => each.run === drop.run);
    if (run === undefined) continue;
    const isLiving = run.run === livingRun;
    if (drop.kind === 'all' && !isLiving) {
      await Promise.all(run.all.map((file) => rm(file, { force: true })));
      continue;
    }
    const bytes = drop.kind === 'all' ? run.bytes : drop.bytes;
    for (const log of run.logs) {
      const share = Math.floor((bytes * log.bytes) / run.bytes);
      if (share === 0) continue;
      const result = await dropHead(log.path, share, { isLiving });
      isOverBound ||= result === 'unable';
    }
  }
  const left = (await sizes(logFolder)).reduce((sum, { bytes }) => sum + bytes, 0);
  return { roomBytes: Math.max(0, limit - left), isOverBound };
}

interface RunOnDisk {
  readonly run: number;
  readonly bytes: number;
  readonly logs: readonly { readonly path: string; readonly bytes: number }[];
  readonly all: readonly string[];
}

async function sizes(logFolder: string): Promise<RunOnDisk[]> {
  const byRun = filesByRun(logFolder, await readdir(logFolder).catch(() => []));
  return Promise.all(
    [...byRun].map(async ([run, all]) => {
      const written = all.filter((file) => /\d\.(?:log|stdout|stderr)$/.test(file));
      const logs = await Promise.all(
        written.map(async (path) => ({ path, bytes: await keptBytes(path) })),
      );
      return { run, all, logs, bytes: logs.reduce((sum, { bytes }) => sum + bytes, 0) };
    }),
  );
}
