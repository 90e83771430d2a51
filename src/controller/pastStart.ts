import type { ProcessSnapshot } from './snapshot.ts';
import type { Timeline, TimelineEntry } from './timeline.ts';

/** Starts that far apart belong to different occasions, in ms. */
const gapMs = 30_000;

type Begun = TimelineEntry & { readonly startedAtMs: number };

/**
 * The last time that processes were started together, as their snapshots tell it: for a host that
 * was not there, after a reload or beside the window that runs them. Undefined when nothing was.
 */
export function pastStart(processes: readonly ProcessSnapshot[]): Timeline | undefined {
  const together = lastOnes(processes.flatMap(asBegun));
  const waiting = processes.filter(({ state }) => state === 'waiting');
  const startedAtMs = Math.min(
    ...together.map((one) => one.startedAtMs),
    ...waiting.map(({ sinceMs }) => sinceMs ?? Number.POSITIVE_INFINITY),
  );
  if (!Number.isFinite(startedAtMs)) return undefined;
  const states = new Map(processes.map(({ name, state }) => [name, state]));
  const isUnderWay = waiting.length > 0 || together.some((one) => !isOver(one, states));
  return {
    startedAtMs,
    endedAtMs: isUnderWay ? undefined : Math.max(...together.map(endOf)),
    by: undefined,
    entries: [
      ...together.map((one) => ({ ...one, waitingAtMs: startedAtMs })),
      ...waiting.map(({ name }) => ({
        name,
        waitingAtMs: startedAtMs,
        startedAtMs: undefined,
        upAtMs: undefined,
        downAtMs: undefined,
        hasFailed: false,
      })),
    ],
  };
}

function asBegun(process: ProcessSnapshot): Begun[] {
  const { name, kind, state, startedAtMs, readyAtMs, lastExit } = process;
  if (startedAtMs === undefined || state === 'waiting') return [];
  const isAtWork = kind === 'task' && state !== 'completed';
  const hasFailed = state === 'failed';
  const upAtMs = state === 'completed' ? (lastExit?.atMs ?? readyAtMs) : readyAtMs;
  return [
    {
      name,
      waitingAtMs: startedAtMs,
      startedAtMs,
      upAtMs: isAtWork || hasFailed ? undefined : upAtMs,
      downAtMs: hasFailed || state === 'stopped' ? (lastExit?.atMs ?? readyAtMs) : undefined,
      hasFailed,
    },
  ];
}

/** Those of the last occasion, in the order of their starts. */
function lastOnes(begun: readonly Begun[]): readonly Begun[] {
  const inOrder = begun.toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  let first = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const [index, one] of inOrder.entries()) {
    if (one.startedAtMs - lastMs > gapMs) first = index;
    lastMs = Math.max(lastMs, one.upAtMs ?? one.startedAtMs);
  }
  return inOrder.slice(first);
}

function endOf({ upAtMs, downAtMs, startedAtMs }: Begun): number {
  return upAtMs ?? downAtMs ?? startedAtMs;
}

function isOver(one: Begun, states: ReadonlyMap<string, string>): boolean {
  if (one.upAtMs !== undefined || one.downAtMs !== undefined) return true;
  const state = states.get(one.name);
  return state !== 'starting' && state !== 'running';
}
