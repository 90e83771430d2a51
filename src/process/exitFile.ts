import { readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';

/** How a program ended: exactly one of `code` and `signal` is defined, or neither when unknown. */
export interface ExitStatus {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** The kernel ended a process of it, because the memory that it may have was used up. */
  readonly isOutOfMemory?: true | undefined;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/**
 * The shell program that a command runs below, so that its exit code is known even if nobody is
 * there to wait for it. `$1` is the file to write, the rest is the command.
 *
 * - It is in the process group that signals are sent to, so it must outlive them: `trap :`, and
 *   not `trap ''`, because what is ignored stays ignored in the command, while what is trapped
 *   goes back to its default there (POSIX, exec).
 * - The command runs in the foreground; a shell starts background commands with SIGINT ignored.
 * - The shell's own words ("Terminated") go nowhere, the command's stderr to where it belongs. In
 *   a subshell, as dash redirects its own stderr too while it waits for a plain command.
 * - The code is written by one `write` of a few bytes that end in a newline, so that a file without
 *   it is known to be incomplete; no `mv` or `date` costs a process, and the time of the end is the
 *   file's time.
 */
export const exitRecorder = [
  'trap : HUP INT QUIT USR1 USR2 PIPE ALRM TERM',
  'file=$1',
  'shift',
  'exec 3>&2 2>/dev/null',
  '(exec "$@" 2>&3 3>&-)',
  'code=$?',
  'echo "$code" >"$file"',
  'exit "$code"',
].join('\n');

/** What `exitRecorder` wrote, or undefined when it did not (yet, or because it was killed too). */
export function readExitFile(path: string): ExitStatus | undefined {
  try {
    const match = /^(\d{1,3})\n$/.exec(readFileSync(path, 'latin1'));
    if (match === null) return undefined;
    return { ...fromShellCode(Number(match[1])), atMs: Math.round(statSync(path).mtimeMs) };
  } catch {
    return undefined;
  }
}

/** A shell gives a command that ended by signal n the code 128 + n. */
export function fromShellCode(code: number): Pick<ExitStatus, 'code' | 'signal'> {
  const signal = code > 128 ? signalNames.get(code - 128) : undefined;
  return signal === undefined ? { code, signal: undefined } : { code: undefined, signal };
}

const signalNames = new Map<number, string>();
for (const [name, number] of Object.entries(constants.signals)) {
  // Some numbers have two names (SIGIOT and SIGABRT); the first one is the usual one but for that.
  if (!signalNames.has(number) || name === 'SIGABRT') signalNames.set(number, name);
}
