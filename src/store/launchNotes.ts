import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { writeAtomicallySync } from './atomicFile.ts';

const shortText = z.string().check(z.maxLength(2000));
const filePath = z.string().check(z.maxLength(4096));

const launchNotesSchema = z.strictObject({
  version: z.literal(1),
  runId: shortText,
  /** Where its terminal takes input and size. */
  terminalSocket: z.optional(filePath),
  /** What is not as the file wants it, in words. */
  warnings: z.array(shortText),
  limits: z.array(
    z.strictObject({
      limit: z.enum(['memory', 'cpu', 'open_files', 'processes', 'io_weight']),
      value: z.number(),
      means: z.optional(z.enum(['rlimit', 'cgroup-v2', 'cgroup-v1', 'systemd', 'sampling'])),
    }),
  ),
  /** Folders of the control groups that were made for it, to be removed with it. */
  controlGroups: z.array(filePath),
  /** What it wrote, by stream, where that is kept apart. */
  stdoutPath: z.optional(filePath),
  stderrPath: z.optional(filePath),
});

/**
 * How the program of a run was started, as far as it is not plain: for the snapshot, and for the
 * host that takes the run up. Holds no environment values and no command lines.
 */
export type LaunchNotes = z.infer<typeof launchNotesSchema>;

/** Of a program that was started plainly; no file is written for it. */
export function plainLaunch(runId: string): LaunchNotes {
  return { version: 1, runId, warnings: [], limits: [], controlGroups: [] };
}

export function isPlainLaunch(notes: LaunchNotes): boolean {
  const { warnings, limits, controlGroups, terminalSocket, stdoutPath, stderrPath } = notes;
  const isAnything = terminalSocket ?? stdoutPath ?? stderrPath;
  return isAnything === undefined && [...warnings, ...limits, ...controlGroups].length === 0;
}

/** @throws the system error when it cannot be written. */
export function writeLaunchNotes(file: string, notes: LaunchNotes): void {
  writeAtomicallySync(file, `${JSON.stringify(notes)}\n`);
}

/** Undefined when there are none that make sense. */
export function readLaunchNotes(file: string): LaunchNotes | undefined {
  try {
    return launchNotesSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
