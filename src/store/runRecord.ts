import * as z from 'zod/mini';
import { shortHash } from './slug.ts';

/** Raised with every change of the form, so that a record is never read as what it is not. */
export const recordVersion = 2;

/** Records of version 1 are records without what came later. */
const oldestVersion = 1;

const time = z.int().check(z.nonnegative());
const count = z.int().check(z.nonnegative());
// 0 and 1 and negative numbers mean "my group", init and "everything" to kill(2): never ours.
const processId = z.int().check(z.gt(1));
const shortText = z.string().check(z.maxLength(2000));
const name = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/), z.maxLength(200));

const exitSchema = z.strictObject({
  run: count,
  code: z.optional(z.int()),
  signal: z.optional(shortText),
  atMs: time,
  /** In words: "you", "exited with code 1", … */
  cause: shortText,
});

const exitStatus = z.object({
  code: z.optional(z.int()),
  signal: z.optional(shortText),
  atMs: time,
});

const attemptSchema = z.object({
  atMs: time,
  lastedMs: z.number(),
  code: shortText,
  exit: z.optional(z.object({ code: z.optional(z.int()), signal: z.optional(shortText) })),
});

const runRecordSchema = z
  .strictObject({
    /** The id of the environment's state folder: a record copied from another one is not ours. */
    environment: shortText,
    name,
    kind: z.enum(['service', 'task', 'external']),
    /** Tells whether the definition has changed since; the definition itself may hold secrets. */
    definitionHash: shortText,

    /** From 1. */
    run: count,
    /** In the environment of every process of the run, under DEV_ENV_RUN_ID. Absent before the first. */
    runId: z.optional(z.string().check(z.regex(/^[A-Za-z0-9-]{8,64}$/))),
    /** Absent in an intent: written before the spawn, so that a child is never without a record. */
    pid: z.optional(processId),
    /** With `pid`: in the platform's own form. Absent where it could not be found out. */
    startTime: z.optional(shortText),
    processGroup: z.optional(processId),
    /** For stopping it in order and in its own way when the file no longer says how. */
    dependsOn: z.array(name),
    stop: z.object({ signal: shortText, timeoutMs: time }),
    ports: z.array(z.int().check(z.gte(1), z.lte(65_535))),
    logPath: z.optional(shortText),
    exitFile: z.optional(shortText),

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
    /** When the state was entered. */
    sinceMs: time,
    startedAtMs: z.optional(time),
    readyAtMs: z.optional(time),
    /** When `backoff` ends. */
    nextStartAtMs: z.optional(time),
    /** What the controller wants to know again of its state; it checks it, here it is only kept. */
    stateDetails: z.optional(z.record(z.string(), z.json())),
    /** When the machine was started: after a restart of it nothing of the run can be left. */
    bootedAtMs: time,
    /** Restarts in a row by the restart policy. */
    restarts: count,
    /** Failures since a person last acted, newest last. */
    attempts: z.optional(z.array(attemptSchema).check(z.maxLength(10_000))),
    /** A failure was told of, and that is not over. */
    hasIncident: z.optional(z.boolean()),
    /** By what began them. */
    restartCounts: z.optional(z.record(shortText, count)),
    /** What the health check says of the run. */
    health: z.optional(z.enum(['healthy', 'unhealthy'])),
    /** Of the last run of a task. */
    result: z.optional(z.object({ run: count, exit: exitStatus, durationMs: z.number() })),
    /** The runs of dependencies whose restart it follows. */
    dependencyRuns: z.optional(z.record(name, count)),
    /** Newest last. */
    lastExits: z.array(exitSchema).check(z.maxLength(20)),
  })
  .check(
    z.refine((record) => record.pid !== undefined || record.startTime === undefined),
    z.refine((record) => record.pid !== undefined || record.processGroup === undefined),
  );

/**
 * What is known of one process and its present or last run, for the next host. Holds no
 * environment values and no secrets. Times are milliseconds since the epoch.
 */
export type RunRecord = z.infer<typeof runRecordSchema>;

/** Why a record is not believed. */
export type RecordFault = 'corrupt' | 'newer-version' | 'other-process' | 'unreadable';

export type ParsedRecord =
  | { readonly record: RunRecord; readonly fault?: never }
  | { readonly record?: never; readonly fault: RecordFault };

const envelopeSchema = z.strictObject({
  version: z.int(),
  checksum: z.string(),
  record: z.unknown(),
});

/** The text of a record's file. */
export function formatRecord(record: RunRecord): string {
  const body = JSON.stringify(record);
  return `{"version":${String(recordVersion)},"checksum":"${checksum(body)}","record":${body}}\n`;
}

/**
 * Reads a record's file. Whatever the text is, it never throws, and only what `formatRecord` made
 * for this very process and environment is believed: a PID in a wrong record is a wrong kill.
 */
export function parseRecord(
  text: string,
  isExpected: (record: RunRecord) => boolean,
): ParsedRecord {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { fault: 'corrupt' };
  }
  const envelope = envelopeSchema.safeParse(content);
  if (isNewer(content)) return { fault: 'newer-version' };
  if (!envelope.success || envelope.data.version < oldestVersion) return { fault: 'corrupt' };
  // Parsing and formatting keep the order of keys, so this is the text that was written.
  const body = JSON.stringify(envelope.data.record) as string | undefined;
  if (body === undefined || checksum(body) !== envelope.data.checksum) return { fault: 'corrupt' };
  const parsed = runRecordSchema.safeParse(envelope.data.record);
  if (!parsed.success) return { fault: 'corrupt' };
  return isExpected(parsed.data) ? { record: parsed.data } : { fault: 'other-process' };
}

function isNewer(content: unknown): boolean {
  return (
    typeof content === 'object' &&
    content !== null &&
    'version' in content &&
    typeof content.version === 'number' &&
    Number.isInteger(content.version) &&
    content.version > recordVersion
  );
}

function checksum(body: string): string {
  return shortHash(body, 16);
}
