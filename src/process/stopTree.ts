import { type Clock, delay } from '../base/clock.ts';
import type { ProcessInfo } from './processInfo.ts';
import { RunTree } from './runTree.ts';
import type { RunTarget } from './tree.ts';

export interface StopTreeOptions {
  /** Sent to the whole tree first. */
  readonly signal: NodeJS.Signals;
  /** From the signal to SIGKILL. */
  readonly graceMs: number;
  /** Run instead of sending the signal; when it rejects, the signal is sent after all. */
  readonly command?: () => Promise<void>;
  readonly clock: Clock;
  /** How long the run has been alive; see `youngMs`. By default it counts as grown up. */
  readonly ageMs?: number;
  /** Aborting ends the grace period at once. */
  readonly force?: AbortSignal;
  readonly onPhase?: (phase: StopPhase) => void;
}

export type StopPhase = 'asked' | 'killing';

export interface StopTreeResult {
  /** What could not be killed; empty is the proof that nothing of the run is left. */
  readonly survivors: readonly ProcessInfo[];
  /** SIGKILL was needed. */
  readonly killed: boolean;
}

/**
 * A shell between fork and exec takes a signal for its own and loses it, and so may a run that is
 * only just being started. One this young is told again, in steps of `tellAgainAfterMs`.
 */
const youngMs = 1000;
const tellAgainAfterMs = [20, 60, 200, 600, 2000];

/** Sweeping is not a stop a person waits for politely: what is left has lost its leader. */
const sweepGraceMs = 1000;

/**
 * How long SIGKILL is repeated. A process in uninterruptible sleep (a dead network file system)
 * takes any time to end, and a program that forks faster than it can be killed never ends.
 */
const killTimeoutMs = 5000;

/**
 * Stops a run for good: its group and whoever left it are taken down before anything is signalled,
 * asked to end, and killed after the grace period, with what they start on the way. Resolves when
 * no process of the run is left, or it is clear who cannot be killed. Never rejects.
 */
export async function stopTree(
  target: RunTarget,
  options: StopTreeOptions,
): Promise<StopTreeResult> {
  const tree = new RunTree(target, false);
  if ((await tree.scan()) === 0) return { survivors: [], killed: false };
  return endTree(tree, options);
}

export interface SweepTreeOptions {
  readonly clock: Clock;
  readonly graceMs?: number;
  readonly force?: AbortSignal;
}

/**
 * Ends what a leader left behind that has ended by itself. To be called right after its end, while
 * its PID cannot have been given to another group. Costs one look at the process table when there
 * is nothing left, as nearly always.
 */
export async function sweepTree(
  target: RunTarget,
  options: SweepTreeOptions,
): Promise<StopTreeResult> {
  const tree = new RunTree(target, true);
  if ((await tree.scan()) === 0) return { survivors: [], killed: false };
  return endTree(tree, { signal: 'SIGTERM', graceMs: sweepGraceMs, ...options });
}

async function endTree(tree: RunTree, options: StopTreeOptions): Promise<StopTreeResult> {
  const deadlineMs = options.clock.now() + options.graceMs;
  options.onPhase?.('asked');
  if (await askToEnd(tree, options, deadlineMs)) return { survivors: [], killed: false };
  options.onPhase?.('killing');
  await kill(tree, options.clock);
  return { survivors: await tree.describe(), killed: true };
}

/** Whether all ended within the grace period. */
async function askToEnd(
  tree: RunTree,
  { signal, command, clock, force, ageMs = youngMs }: StopTreeOptions,
  deadlineMs: number,
): Promise<boolean> {
  let isAsking = command !== undefined;
  let mustSignal = command === undefined;
  let wereLeftoversTold = command === undefined;
  void command?.().then(
    () => {
      isAsking = false;
    },
    () => {
      isAsking = false;
      mustSignal = true;
    },
  );
  const startMs = clock.now();
  const repeats = ageMs < youngMs && command === undefined ? [...tellAgainAfterMs] : [];
  for (const pause = growingPause(); ;) {
    if (repeats[0] !== undefined && clock.now() - startMs >= repeats[0]) {
      repeats.shift();
      await tree.scan();
      mustSignal = true;
    }
    if (mustSignal) {
      await tree.signal(signal);
      mustSignal = false;
    } else if (tree.refresh() === 0) {
      if ((await tree.scan()) === 0 && !isAsking) return true;
      // Those that had hidden are asked too; but a stop command is a member, and must finish.
      mustSignal = !isAsking;
    } else if (!wereLeftoversTold && !isAsking && !tree.isLeaderAlive) {
      // The command has done its work; those that outlived the leader were not told.
      wereLeftoversTold = mustSignal = true;
    }
    const leftMs = deadlineMs - clock.now();
    if (leftMs <= 0 || force?.aborted === true) return false;
    await delay(clock, Math.min(pause(), leftMs), force);
  }
}

async function kill(tree: RunTree, clock: Clock): Promise<void> {
  const deadlineMs = clock.now() + killTimeoutMs;
  while ((await tree.scan(true)) > 0) {
    await tree.signal('SIGKILL');
    // Dying takes a moment (memory is given back); whoever is new shows in the next scan.
    const roundEndMs = clock.now() + 50;
    for (const pause = growingPause(); tree.refresh() > 0 && clock.now() < roundEndMs;) {
      await delay(clock, pause());
    }
    if (clock.now() >= deadlineMs) return;
  }
}

/** 2 ms, since most programs end in a few, growing to 100 ms, since some take seconds. */
function growingPause(): () => number {
  let pauseMs = 1.4;
  return () => (pauseMs = Math.min(pauseMs * 1.4, 100));
}
