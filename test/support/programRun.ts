import { randomUUID } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import type { Command } from '../../src/base/command.ts';
import { childEnvironment } from '../../src/process/childEnvironment.ts';
import { type RunningProcess, spawnProcess } from '../../src/process/spawn.ts';
import { stopTree } from '../../src/process/stopTree.ts';
import type { RunTarget } from '../../src/process/tree.ts';
import { until } from './until.ts';

/** The path of a program in test/fixtures/programs. */
export function program(name: string): string {
  return path.join(import.meta.dirname, '../fixtures/programs', name);
}

/** A run of a real program as the product starts it, with its mark and a log file. */
export interface ProgramRun extends RunningProcess {
  readonly target: RunTarget;
  readonly folder: string;
  readonly exitFile: string;
  log(): string;
  /** Waits for a line and gives what the pattern's first group matched, or the whole. */
  line(pattern: RegExp): Promise<string>;
}

export interface ProgramRunOptions {
  /** With the exit recorder; on by default. */
  readonly isRecorded?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly workdir?: string;
  /** What the program runs below, under the recorder. */
  readonly prefix?: readonly string[];
  /** With its streams kept apart as well, in files `stdout` and `stderr` of its folder. */
  readonly hasStreams?: boolean;
}

const started: ProgramRun[] = [];

export async function runProgram(
  command: Command,
  { isRecorded = true, env = {}, workdir, prefix = [], hasStreams = false }: ProgramRunOptions = {},
): Promise<ProgramRun> {
  const folder = mkdtempSync(path.join(tmpdir(), 'dev-env-run-'));
  const runId = randomUUID();
  const logPath = path.join(folder, 'log');
  const exitFile = path.join(folder, 'exit');
  const logFd = openSync(logPath, 'a');
  try {
    const running = await spawnProcess({
      command,
      workdir: workdir ?? folder,
      env: childEnvironment(process.env, { ...env, DEV_ENV_PROCESS: 'it', DEV_ENV_RUN_ID: runId }),
      logFd,
      prefix,
      ...(isRecorded ? { exitFile } : {}),
      ...(hasStreams
        ? { streams: { stdout: path.join(folder, 'stdout'), stderr: path.join(folder, 'stderr') } }
        : {}),
    });
    const log = (): string => readFileSync(logPath, 'utf8');
    const run: ProgramRun = {
      ...running,
      target: { ...running.identity, runId, isLeaderOldest: true },
      folder,
      exitFile,
      log,
      line: (pattern) =>
        until(`${pattern} in the output`, () => {
          const match = pattern.exec(log());
          return match === null ? undefined : (match[1] ?? match[0]);
        }),
    };
    started.push(run);
    return run;
  } finally {
    closeSync(logFd);
  }
}

/** Ends every program started since the last call. For `afterEach`. */
export async function endPrograms(): Promise<void> {
  for (const { target, folder } of started.splice(0)) {
    await stopTree(target, { signal: 'SIGKILL', graceMs: 0, clock: systemClock });
    rmSync(folder, { recursive: true, force: true });
  }
}
