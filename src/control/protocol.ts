import * as z from 'zod/mini';
import type { ProcessSnapshot } from '../controller/snapshot.ts';

/**
 * What travels over the control socket of an environment: HTTP with JSON, and server-sent events.
 * Each end checks what the other one says, for they may be of different versions.
 */
export const protocolVersion = 1;

/** The paths, all below a version of the protocol. */
export const routes = {
  snapshot: '/v1/snapshot',
  start: '/v1/start',
  stop: '/v1/stop',
  restart: '/v1/restart',
  explain: '/v1/explain',
  mask: '/v1/mask',
  shutdown: '/v1/shutdown',
  events: '/v1/events',
  /** As `events`, with measurements between them. */
  usage: '/v1/usage',
} as const;

export type Route = keyof typeof routes;

/** Those that ask, and change nothing. */
export function isRead(route: Route): boolean {
  return route === 'snapshot' || route === 'events' || route === 'usage';
}

/** Bodies of requests are names and options, and lines in pieces; nothing sensible is longer. */
export const maxRequestBytes = 1024 * 1024;

const count = z.int().check(z.nonnegative());
const strings = z.readonly(z.array(z.string()));
const timeMs = z.number();

const exitSchema = z.object({
  code: z.optional(z.int()),
  signal: z.optional(z.string()),
  atMs: timeMs,
});

const dependencySchema = z.object({ name: z.string(), condition: z.string() });

/** A process as its owner tells of it; the fields mean what they mean in `ProcessSnapshot`. */
export const processSchema = z.object({
  name: z.string(),
  kind: z.enum(['service', 'task', 'external']),
  description: z.optional(z.string()),
  state: z.enum([
    'stopped',
    'waiting',
    'starting',
    'running',
    'stopping',
    'backoff',
    'completed',
    'failed',
  ]),
  sinceMs: z.optional(timeMs),
  reason: z.optional(z.string()),
  failure: z.optional(z.string()),
  run: count,
  pid: z.optional(count),
  startedAtMs: z.optional(timeMs),
  readyAtMs: z.optional(timeMs),
  restarts: count,
  nextStartAtMs: z.optional(timeMs),
  lastExit: z.optional(exitSchema),
  health: z.optional(z.enum(['unknown', 'healthy', 'unhealthy'])),
  healthReason: z.optional(z.string()),
  statusText: z.optional(z.string()),
  breakerOpenUntilMs: z.optional(timeMs),
  nextScheduledAtMs: z.optional(timeMs),
  groups: strings,
  profiles: strings,
  commandLine: z.string(),
  workdir: z.string(),
  port: z.optional(count),
  url: z.optional(z.string()),
  autostart: z.boolean(),
  dependsOn: z.readonly(z.array(dependencySchema)),
  dependents: strings,
  hasPendingChange: z.boolean(),
  isRemoved: z.boolean(),
  logPath: z.optional(z.string()),
});
export type ControlledProcess = z.infer<typeof processSchema>;

/**
 * What the owner of an environment is: a window of the editor, a command that somebody looks at, or
 * a program in the background.
 */
export const ownerSchema = z.object({
  kind: z.enum(['editor', 'terminal', 'background']),
  pid: count,
  /** Names it to people. */
  label: z.string(),
});
export type Owner = z.infer<typeof ownerSchema>;

/** Everything there is to say of an environment at one moment. */
export const statusSchema = z.object({
  protocol: z.literal(protocolVersion),
  /** Absolute. */
  folder: z.string(),
  configPath: z.string(),
  /** Absent: nobody runs it, and this is what the records tell. */
  owner: z.optional(ownerSchema),
  processes: z.readonly(z.array(processSchema)),
  /** The owner knows secrets, which `mask` hides. Absent: it has no `mask`, or there is no owner. */
  hasSecrets: z.optional(z.boolean()),
});
export type EnvironmentStatus = z.infer<typeof statusSchema>;

export const startSchema = z.object({
  /** Absent: all. */
  names: z.optional(strings),
  withDependencies: z.optional(z.boolean()),
  /** False: the answer comes as soon as the start is under way, and says nothing. */
  isAwaited: z.optional(z.boolean()),
});
export type StartRequest = z.infer<typeof startSchema>;

export const stopSchema = z.object({
  names: z.optional(strings),
  withDependents: z.optional(z.boolean()),
  /** Skip the grace period. */
  force: z.optional(z.boolean()),
});
export type StopRequest = z.infer<typeof stopSchema>;

export const restartSchema = z.object({ names: z.optional(strings) });
export type RestartRequest = z.infer<typeof restartSchema>;

export const explainSchema = z.object({ name: z.string() });

/** Lines of output, to be shown; the answer is the same lines without the secrets in them. */
export const linesSchema = z.object({ lines: strings });

export const resultSchema = z.object({
  succeeded: strings,
  failed: z.readonly(z.array(z.object({ name: z.string(), reason: z.string() }))),
  cancelled: strings,
});

/** Why a process is as it is, as lines of text. */
export const explanationSchema = z.object({ lines: strings });
export type Explanation = z.infer<typeof explanationSchema>;

/** What the whole tree of a process uses; see `Usage`. */
export const usageSchema = z.object({
  name: z.string(),
  cpuPercent: z.optional(z.number()),
  memoryBytes: z.number(),
  /** Members of the tree. */
  processes: count,
});
export type ProcessUsage = z.infer<typeof usageSchema>;

export const eventSchema = z.discriminatedUnion('kind', [
  /** The first event of a stream, and again when processes were added, removed or reordered. */
  z.object({ kind: z.literal('status'), status: statusSchema }),
  /** These are different from before. */
  z.object({ kind: z.literal('change'), processes: z.readonly(z.array(processSchema)) }),
  z.object({
    kind: z.literal('run'),
    what: z.enum(['began', 'resumed', 'ended']),
    name: z.string(),
    run: count,
    logPath: z.string(),
  }),
  z.object({
    kind: z.literal('failure'),
    name: z.string(),
    run: count,
    reason: z.string(),
  }),
  /** The owner has learned a secret; told before any program is given it. */
  z.object({ kind: z.literal('secrets') }),
  z.object({ kind: z.literal('usage'), usages: z.readonly(z.array(usageSchema)) }),
  /** The owner lets go of the environment; what runs goes on. */
  z.object({ kind: z.literal('end') }),
]);
export type ControlEvent = z.infer<typeof eventSchema>;

/** The body of an answer that is not 200. */
export const faultSchema = z.object({ code: z.string(), message: z.string() });

const processFields = keysOf(processSchema.shape);
const exitFields = keysOf(exitSchema.shape);
const dependencyFields = keysOf(dependencySchema.shape);

/**
 * Picks what the protocol tells of a process; nothing else of it leaves this program. By the names
 * of the schema, and without its checks: it is done for every change, and the types know it all.
 */
export function toWire(snapshot: ProcessSnapshot): ControlledProcess {
  const { lastExit, dependsOn } = snapshot;
  return {
    ...pick(snapshot, processFields),
    ...(lastExit === undefined ? {} : { lastExit: pick(lastExit, exitFields) }),
    dependsOn: dependsOn.map((dependency) => pick(dependency, dependencyFields)),
  };
}

function pick<T, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  const picked: Partial<T> = {};
  for (const key of keys) if (from[key] !== undefined) picked[key] = from[key];
  return picked as Pick<T, K>;
}

function keysOf<T extends object>(shape: T): readonly (keyof T)[] {
  return Object.keys(shape) as (keyof T)[];
}
