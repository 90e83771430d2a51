import type { ProcessSnapshot } from '../../controller/snapshot.ts';
import type { TimelineBar } from '../../webview/messages.ts';

/** Starts that far apart belong to different occasions, in ms. */
const gapMs = 30_000;

/** A start that is over or under way, without folder and ids. */
export interface ShownStart {
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly bars: readonly Omit<TimelineBar, 'id'>[];
}

interface Begun {
  readonly process: ProcessSnapshot;
  readonly startedAtMs: number;
  readonly upAtMs: number | undefined;
}

/** The last time that several processes were started together, as their snapshots tell it. */
export function lastStart(processes: readonly ProcessSnapshot[]): ShownStart | undefined {
  const begun = processes
    .flatMap((process): Begun[] => {
      const { startedAtMs } = process;
      if (startedAtMs === undefined || process.state === 'waiting') return [];
      return [{ process, startedAtMs, upAtMs: upAt(process) }];
    })
    .sort((a, b) => a.startedAtMs - b.startedAtMs);
  const waiting = processes.filter(({ state }) => state === 'waiting');
  let first = begun.length - 1;
  while (first > 0) {
    const earlier = begun.slice(0, first);
    const lastUpMs = Math.max(...earlier.map((one) => one.upAtMs ?? one.startedAtMs));
    if ((begun[first]?.startedAtMs ?? 0) - lastUpMs > gapMs) break;
    first -= 1;
  }
  const together = begun.slice(Math.max(0, first));
  const startedAtMs = Math.min(
    ...together.map((one) => one.startedAtMs),
    ...waiting.map(({ sinceMs }) => sinceMs ?? Number.POSITIVE_INFINITY),
  );
  if (!Number.isFinite(startedAtMs)) return undefined;
  const isOver =
    waiting.length === 0 && together.every(({ process }) => process.state !== 'starting');
  const critical = criticalChain(together);
  return {
    startedAtMs,
    endedAtMs: isOver
      ? Math.max(...together.map(({ upAtMs, startedAtMs: at }) => upAtMs ?? at))
      : undefined,
    bars: [
      ...together.map(({ process, startedAtMs: at, upAtMs }) => ({
        name: process.name,
        waitingFromMs: startedAtMs,
        startedAtMs: at,
        upAtMs,
        hasFailed: process.state === 'failed',
        isCritical: critical.has(process.name),
      })),
      ...waiting.map(({ name }) => ({
        name,
        waitingFromMs: startedAtMs,
        startedAtMs: undefined,
        upAtMs: undefined,
        hasFailed: false,
        isCritical: false,
      })),
    ],
  };
}

function upAt({ state, kind, readyAtMs, lastExit }: ProcessSnapshot): number | undefined {
  if (state === 'completed' || state === 'failed') return lastExit?.atMs ?? readyAtMs;
  return kind === 'task' ? undefined : readyAtMs;
}

/** From the last one that came up back along the dependency that came up last. */
function criticalChain(begun: readonly Begun[]): ReadonlySet<string> {
  const byName = new Map(begun.map((one) => [one.process.name, one]));
  const chain = new Set<string>();
  let at = latest(begun);
  while (at !== undefined && !chain.has(at.process.name)) {
    chain.add(at.process.name);
    at = latest(at.process.dependsOn.flatMap(({ name }) => byName.get(name) ?? []));
  }
  return chain;
}

function latest(some: readonly Begun[]): Begun | undefined {
  return some
    .filter(({ upAtMs }) => upAtMs !== undefined)
    .sort((a, b) => (b.upAtMs ?? 0) - (a.upAtMs ?? 0))[0];
}
