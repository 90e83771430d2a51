import * as z from 'zod/mini';
import type { RunRecord } from '../store/runRecord.ts';
import type { ProcessState } from './state.ts';

const name = z.string();
const cause = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('requested'),
    by: z.enum([
      'you',
      'autostart',
      'config',
      'close',
      'rollback',
      'schedule',
      'watch',
      'health',
      'limit',
      'dependency',
    ]),
    through: z.optional(name),
    detail: z.optional(z.string()),
  }),
  z.object({
    kind: z.literal('exited'),
    exit: z.object({
      code: z.optional(z.int()),
      signal: z.optional(z.string()),
      isOutOfMemory: z.optional(z.literal(true)),
      atMs: z.number(),
    }),
    wasReady: z.boolean(),
  }),
  z.object({ kind: z.literal('spawn-error'), message: z.string() }),
  z.object({
    kind: z.literal('port-in-use'),
    holder: z.object({
      port: z.int(),
      pid: z.optional(z.int()),
      command: z.optional(z.string()),
      user: z.optional(z.string()),
      processName: z.optional(name),
      stateFolder: z.optional(z.string()),
    }),
    isLost: z.boolean(),
  }),
  z.object({ kind: z.literal('not-ready-in-time'), timeoutMs: z.number(), seen: z.string() }),
  z.object({
    kind: z.literal('dependency-failed'),
    name,
    why: z.string(),
    isPassing: z.optional(z.boolean()),
  }),
  z.object({ kind: z.literal('timed-out'), timeoutMs: z.number() }),
  z.object({
    kind: z.literal('unwell'),
    code: z.enum(['unhealthy', 'limit-exceeded', 'watch-loop']),
    why: z.string(),
  }),
  z.object({ kind: z.literal('not-stopped'), pids: z.array(z.int()) }),
]);
const failure = z.object({
  code: z.enum([
    'spawn-error',
    'port-in-use',
    'exited',
    'not-ready-in-time',
    'dependency-failed',
    'not-stopped',
    'unhealthy',
    'timed-out',
    'crash-loop',
    'limit-exceeded',
    'watch-loop',
  ]),
  cause,
  restarts: z.int(),
  history: z.optional(
    z.object({
      count: z.int(),
      spanMs: z.number(),
      lastedMs: z.number(),
      isSame: z.boolean(),
    }),
  ),
});
const then = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stopped'), cause }),
  z.object({ kind: z.literal('start'), cause }),
  z.object({ kind: z.literal('backoff'), delayMs: z.number(), cause }),
  z.object({ kind: z.literal('completed'), cause }),
  z.object({ kind: z.literal('failed'), failure, retryInMs: z.optional(z.number()) }),
]);
const stateSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('stopped'), cause: z.optional(cause) }),
  z.object({
    name: z.literal('waiting'),
    cause,
    ignoresDependencies: z.boolean(),
    isLooking: z.optional(z.boolean()),
  }),
  z.object({ name: z.literal('starting'), cause, isSpawned: z.boolean() }),
  z.object({ name: z.literal('running') }),
  z.object({
    name: z.literal('stopping'),
    phase: z.enum(['held', 'terminating', 'sweeping']),
    isSpawned: z.boolean(),
    then,
  }),
  z.object({ name: z.literal('backoff'), delayMs: z.number(), cause }),
  z.object({ name: z.literal('completed'), cause }),
  z.object({ name: z.literal('failed'), failure, retryAtMs: z.optional(z.number()) }),
]);

/** Turns a recorded state back into one; undefined when it is not (or no longer) a valid state. */
export function parseState(recorded: unknown): ProcessState | undefined {
  const parsed = stateSchema.safeParse(recorded);
  // JSON leaves out what is undefined; read from the object, a missing property is undefined again.
  return parsed.success ? (parsed.data as ProcessState) : undefined;
}

/** The form in which a state is recorded. */
export function formatState(state: ProcessState): RunRecord['stateDetails'] & object {
  return JSON.parse(JSON.stringify(state)) as RunRecord['stateDetails'] & object;
}
