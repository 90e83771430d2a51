import {
  anyOf,
  type Guarded,
  isNumber,
  isText,
  isTruth,
  listOf,
  maybe,
  oneOf,
  shape,
} from './guards.ts';

/**
 * What the dashboard's page and the extension say to each other. Both check what they hear: what
 * is not of this shape is ignored.
 */

export const stateNames = [
  'stopped',
  'waiting',
  'starting',
  'running',
  'stopping',
  'backoff',
  'completed',
  'failed',
] as const;
export type ShownState = (typeof stateNames)[number];

/** What a person can do with one process, or with all. */
export const actionNames = [
  'start',
  'stop',
  'restart',
  'log',
  'explain',
  'open',
  'define',
] as const;
export type ActionName = (typeof actionNames)[number];
export const allActionNames = ['startAll', 'stopAll', 'restartAll'] as const;
export type AllActionName = (typeof allActionNames)[number];

const isDependency = shape({
  /** Id of the row. */
  id: isText,
  /** What has to be true of it, as a word. */
  condition: isText,
  isMet: isTruth,
});

const isRow = shape({
  /** Names the row in messages. */
  id: isText,
  folder: isText,
  name: isText,
  /** Service, task, external: as a word. */
  kind: isText,
  state: oneOf(...stateNames),
  /** The state, and what is to say of it beside the numbers, in words. */
  stateWord: isText,
  detail: isText,
  isUnhealthy: isTruth,
  port: maybe(isNumber),
  url: maybe(isText),
  actions: listOf(oneOf(...actionNames)),
  dependsOn: listOf(isDependency),
});
/** One process as the page shows it. */
export type DashboardRow = Guarded<typeof isRow>;

const isFolder = shape({ id: isText, name: isText, note: maybe(isText) });
export type DashboardFolder = Guarded<typeof isFolder>;

const isEvent = shape({
  atMs: isNumber,
  id: isText,
  name: isText,
  state: oneOf(...stateNames),
  text: isText,
});
/** Something that happened to a process. */
export type DashboardEvent = Guarded<typeof isEvent>;

const isBar = shape({
  id: isText,
  name: isText,
  /** From when it waited for its dependencies; equal to `startedAtMs` when it did not. */
  waitingFromMs: isNumber,
  startedAtMs: maybe(isNumber),
  /** When its dependents could go on: ready, or completed. */
  upAtMs: maybe(isNumber),
  hasFailed: isTruth,
  /** It is part of the chain that decided how long the start took. */
  isCritical: isTruth,
});
const isTimeline = shape({
  folder: isText,
  startedAtMs: isNumber,
  endedAtMs: maybe(isNumber),
  bars: listOf(isBar),
  /** How many more processes there were. */
  omitted: isNumber,
});
export type TimelineBar = Guarded<typeof isBar>;
/** One start of an environment. */
export type DashboardTimeline = Guarded<typeof isTimeline>;

const isSeries = shape({
  atMs: listOf(isNumber),
  cpuPercent: listOf(isNumber),
  memoryBytes: listOf(isNumber),
});
/** Measurements of the past, three columns. */
export type DashboardSeries = Guarded<typeof isSeries>;

const isSample = shape({ id: isText, cpuPercent: isNumber, memoryBytes: isNumber });
export type DashboardSample = Guarded<typeof isSample>;

export const isHostMessage = anyOf(
  shape({
    kind: oneOf('everything'),
    folders: listOf(isFolder),
    rows: listOf(isRow),
    events: listOf(isEvent),
    timelines: listOf(isTimeline),
  }),
  shape({ kind: oneOf('rows'), rows: listOf(isRow), events: listOf(isEvent) }),
  shape({ kind: oneOf('timelines'), timelines: listOf(isTimeline) }),
  shape({ kind: oneOf('samples'), atMs: isNumber, samples: listOf(isSample) }),
  shape({ kind: oneOf('history'), id: isText, series: isSeries }),
  shape({
    kind: oneOf('details'),
    id: isText,
    /** Why it is as it is, and of those that are why: sentences. */
    why: listOf(isText),
    /** Label and value, both as words. */
    facts: listOf(listOf(isText)),
    /** The last lines it wrote. */
    output: listOf(isText),
  }),
  shape({ kind: oneOf('select'), id: isText }),
);
/** From the extension to the page. */
export type HostMessage = Guarded<typeof isHostMessage>;

export const isPageMessage = anyOf(
  /** The page listens, and wants everything. */
  shape({ kind: oneOf('ready') }),
  /** These rows are on the screen: their samples are wanted. */
  shape({ kind: oneOf('look'), ids: listOf(isText) }),
  /** This row is looked at closely; none without an id. */
  shape({ kind: oneOf('select'), id: maybe(isText) }),
  shape({ kind: oneOf('act'), action: oneOf(...actionNames), id: isText }),
  /** On all of a folder, or without one on everything. */
  shape({ kind: oneOf('actAll'), action: oneOf(...allActionNames), folder: maybe(isText) }),
);
/** From the page to the extension. */
export type PageMessage = Guarded<typeof isPageMessage>;
