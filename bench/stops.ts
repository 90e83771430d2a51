/**
 * Stopping 50 processes, each a shell with two children: through the environment, which proves that
 * nothing of a tree is left, against a loop that does nothing but signal the process groups and wait
 * for their leaders. Then the same with one process that is deaf to SIGTERM (grace period 2 s) and
 * one with a daemon that left group and session; here the survivors count.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { findMarked, runIdVariable } from '../src/process/linuxMarkers.ts';
import {
  type Comparison,
  compare,
  definition,
  median,
  repeat,
  timed,
  withEnvironment,
} from './support.ts';

const count = 50;
const graceMs = 2_000;
const bareMark = `bench-${String(process.pid)}`;

const polite = 'sleep 600 & sleep 600 & echo up; wait';
/** What is ignored stays ignored in the children; a shell that was only told so would go on. */
const deaf = `trap '' TERM; ${polite}`;
const daemon = `setsid sleep 600 & ${polite}`;
const commands = [...Array(count).keys()].map(() => polite);
const badCommands = [deaf, daemon, ...commands.slice(2)];

export async function measureStops(rounds = 5): Promise<Comparison> {
  return compare(
    rounds,
    // The loop does not even look whether somebody is left.
    undefined,
    async () => (await bareLoop(commands)).stopMs,
    async () => (await throughEnvironment(commands)).stopMs,
  );
}

export interface BadStops {
  readonly rounds: number;
  /** Beyond the grace period of the deaf one, median. */
  readonly beyondGraceMs: number;
  readonly bareBeyondGraceMs: number;
  /** Of all rounds together. */
  readonly survivors: number;
  readonly bareSurvivors: number;
}

/** Survivors can be counted on Linux only. */
export async function measureBadStops(rounds = 3): Promise<BadStops> {
  const bare: StopResult[] = [];
  const ours: StopResult[] = [];
  await repeat(rounds, async () => {
    bare.push(await bareLoop(badCommands));
    ours.push(await throughEnvironment(badCommands));
  });
  const beyond = (results: readonly StopResult[]): number =>
    median(results.map(({ stopMs }) => stopMs - graceMs));
  const sum = (results: readonly StopResult[]): number =>
    results.reduce((total, { survivors }) => total + survivors, 0);
  return {
    rounds,
    beyondGraceMs: beyond(ours),
    bareBeyondGraceMs: beyond(bare),
    survivors: sum(ours),
    bareSurvivors: sum(bare),
  };
}

interface StopResult {
  readonly stopMs: number;
  readonly survivors: number;
}

async function bareLoop(shellCommands: readonly string[]): Promise<StopResult> {
  const children = await Promise.all(shellCommands.map(startBare));
  const stopMs = await timed(async () => {
    const ended = Promise.all(children.map((child) => once(child, 'exit')));
    for (const child of children) signalGroup(child, 'SIGTERM');
    const timer = setTimeout(() => {
      for (const child of children) signalGroup(child, 'SIGKILL');
    }, graceMs);
    await ended;
    clearTimeout(timer);
  });
  // Those in the groups were signalled, and take a moment; the others were not.
  for (const child of children) signalGroup(child, 'SIGKILL');
  const left = (await findMarked()).get(bareMark)?.pids ?? [];
  for (const pid of left) process.kill(pid, 'SIGKILL');
  return { stopMs, survivors: left.length };
}

async function startBare(command: string): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', command], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, [runIdVariable]: bareMark },
    detached: true,
  });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  return child;
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}

async function throughEnvironment(shellCommands: readonly string[]): Promise<StopResult> {
  const processes = shellCommands.map((command, i) =>
    definition({
      name: `tree-${String(i)}`,
      command,
      workdir: os.tmpdir(),
      ready: { kind: 'log', pattern: '^up$' },
      stop: { signal: 'SIGTERM', command: undefined, timeoutMs: graceMs },
    }),
  );
  return withEnvironment(processes, async (environment, stateFolder) => {
    await environment.start();
    const stopMs = await timed(async () => {
      const { failed } = await environment.stop();
      if (failed.length > 0) throw new Error(failed[0]?.reason);
    });
    const runs = [...(await findMarked()).values()];
    const left = runs.filter((run) => run.stateFolder === stateFolder.path);
    return { stopMs, survivors: left.flatMap(({ pids }) => pids).length };
  });
}
