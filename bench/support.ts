import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ProcessModel } from '../src/config/model.ts';
import { plainProcess } from '../src/config/plainProcess.ts';
import { Environment } from '../src/controller/environment.ts';
import { openStateFolder, type StateFolder, stateHome } from '../src/store/stateFolder.ts';

let scratch: string | undefined;

/**
 * A new folder for one measurement. It is where the state of real environments is, because what a
 * new file costs depends on the neighbourhood: in a busy /tmp on ext4, twenty times as much, since
 * the search for a free inode goes past those that were freed within the last minute. For the same
 * reason everything is removed at the end only.
 */
export function scratchFolder(): string {
  if (scratch === undefined) {
    const parent = path.dirname(stateHome());
    mkdirSync(parent, { recursive: true });
    const made = mkdtempSync(path.join(parent, 'dev-env-bench-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    scratch = made;
  }
  return mkdtempSync(path.join(scratch, 'run-'));
}

/** A definition with the defaults of the file, as far as they matter for measuring. */
export function definition(
  change: Partial<ProcessModel> & Pick<ProcessModel, 'name' | 'command'>,
): ProcessModel {
  return plainProcess({ workdir: os.tmpdir(), ...change });
}

/** Runs `work` with a fresh environment in a folder of its own; stops it afterwards. */
export async function withEnvironment<T>(
  processes: readonly ProcessModel[],
  work: (environment: Environment, stateFolder: StateFolder) => Promise<T>,
): Promise<T> {
  const root = scratchFolder();
  const folder = path.join(root, 'workspace');
  mkdirSync(folder);
  const stateFolder = await openStateFolder(folder, path.join(root, 'state'));
  const environment = new Environment({
    model: {
      folder,
      configPath: path.join(folder, 'dev-env.yaml'),
      autostart: false,
      onStartFailure: 'keep',
      processes,
      activeProfiles: [],
      envFiles: [],
    },
    stateFolder,
    hostEnv: process.env,
  });
  try {
    return await work(environment, stateFolder);
  } finally {
    await environment.stop();
    await environment.flush();
    environment.dispose();
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Does something several times, one after the other. */
export async function repeat(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < times; i += 1) await work();
}

/** How long `work` takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

/** Two ways of doing the same, measured by turns, so that what else the machine does hits both. */
export interface Comparison {
  readonly rounds: number;
  readonly baselineMs: number;
  readonly measuredMs: number;
  /** The median of the rounds' ratios: what else the machine did hit both of a round. */
  readonly ratio: number;
  /** Undefined when there is none. */
  readonly bound: number | undefined;
  readonly isWithin: boolean;
  readonly all: { readonly baselineMs: readonly number[]; readonly measuredMs: readonly number[] };
}

export async function compare(
  rounds: number,
  bound: number | undefined,
  baseline: () => Promise<number>,
  measured: () => Promise<number>,
): Promise<Comparison> {
  const baselineMs: number[] = [];
  const measuredMs: number[] = [];
  // Once for nothing: files are read and code is compiled the first time.
  await baseline();
  await measured();
  for (let round = 0; round < rounds; round += 1) {
    // In changing order, so that neither always follows the other.
    if (round % 2 === 0) baselineMs.push(await baseline());
    measuredMs.push(await measured());
    if (round % 2 === 1) baselineMs.push(await baseline());
  }
  const ratio = median(measuredMs.map((value, i) => value / (baselineMs[i] ?? Number.NaN)));
  return {
    rounds,
    baselineMs: median(baselineMs),
    measuredMs: median(measuredMs),
    ratio,
    bound,
    isWithin: bound === undefined || ratio <= bound,
    all: { baselineMs, measuredMs },
  };
}
