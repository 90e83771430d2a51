import type { Dependency } from '../config/model.ts';
import type { RequestedBy, StateName } from './snapshot.ts';

/** What became of one process in a start. Times in ms since the epoch. */
export interface TimelineEntry {
  readonly name: string;
  /** It waited for its dependencies from here on. */
  readonly waitingAtMs: number;
  /** Its program was started. */
  readonly startedAtMs: number | undefined;
  /** It was ready, or had completed. */
  readonly upAtMs: number | undefined;
  /** It ended otherwise: failed, or was stopped. */
  readonly downAtMs: number | undefined;
  readonly hasFailed: boolean;
}

/** One start of the environment, or of a part of it. */
export interface Timeline {
  readonly startedAtMs: number;
  /** All of it is up, or has ended; undefined while something is under way. */
  readonly endedAtMs: number | undefined;
  /** Undefined when it is known from its traces only. */
  readonly by: RequestedBy | undefined;
  readonly entries: readonly TimelineEntry[];
}

/** A start of these processes begins. */
export function beginTimeline(atMs: number, by: RequestedBy, names: readonly string[]): Timeline {
  const entries = names.map((name): TimelineEntry => ({
    name,
    waitingAtMs: atMs,
    startedAtMs: undefined,
    upAtMs: undefined,
    downAtMs: undefined,
    hasFailed: false,
  }));
  return { startedAtMs: atMs, endedAtMs: entries.length === 0 ? atMs : undefined, by, entries };
}

/** What the timeline is after a process went into a state. What is settled stays so. */
export function addToTimeline(
  timeline: Timeline,
  name: string,
  state: StateName,
  atMs: number,
  isTask: boolean,
): Timeline {
  if (timeline.endedAtMs !== undefined) return timeline;
  const entries = timeline.entries.map((entry) =>
    entry.name === name && !isSettled(entry) ? follow(entry, state, atMs, isTask) : entry,
  );
  return { ...timeline, entries, endedAtMs: entries.every(isSettled) ? atMs : undefined };
}

/**
 * The chain of dependencies that decided how long it took, first to last: from the process that was
 * up last, back along the dependency that it waited for longest.
 */
export function criticalChain(
  timeline: Timeline,
  dependenciesOf: (name: string) => readonly Dependency[],
): readonly string[] {
  const byName = new Map(timeline.entries.map((entry) => [entry.name, entry]));
  const chain: string[] = [];
  let at = latest(timeline.entries, ({ upAtMs }) => upAtMs);
  while (at !== undefined && !chain.includes(at.name)) {
    chain.unshift(at.name);
    const needed = new Map(dependenciesOf(at.name).map(({ name, condition }) => [name, condition]));
    const among = [...needed.keys()].flatMap((name) => byName.get(name) ?? []);
    at = latest(among, ({ name, startedAtMs, upAtMs }) =>
      needed.get(name) === 'started' ? startedAtMs : upAtMs,
    );
  }
  return chain;
}

function follow(
  entry: TimelineEntry,
  state: StateName,
  atMs: number,
  isTask: boolean,
): TimelineEntry {
  switch (state) {
    case 'starting':
      return { ...entry, startedAtMs: entry.startedAtMs ?? atMs };
    case 'running':
      // A task at work is not up: it is when it has done its work.
      return isTask ? entry : { ...entry, upAtMs: atMs };
    case 'completed':
      return { ...entry, upAtMs: atMs };
    case 'failed':
      return { ...entry, downAtMs: atMs, hasFailed: true };
    case 'stopped':
      return { ...entry, downAtMs: atMs };
    default:
      return entry;
  }
}

function isSettled({ upAtMs, downAtMs }: TimelineEntry): boolean {
  return upAtMs !== undefined || downAtMs !== undefined;
}

function latest(
  entries: readonly TimelineEntry[],
  time: (entry: TimelineEntry) => number | undefined,
): TimelineEntry | undefined {
  let found: TimelineEntry | undefined;
  for (const entry of entries) {
    const atMs = time(entry);
    if (atMs === undefined) continue;
    if (found === undefined || atMs > (time(found) ?? 0)) found = entry;
  }
  return found;
}
