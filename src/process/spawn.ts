import * as l10n from '@vscode/l10n';
import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { statSync } from 'node:fs';
import { systemClock, type Clock } from '../base/clock.ts';
import type { Command } from '../base/command.ts';
import { DevEnvError, errorMessage, systemErrorCode } from '../base/errors.ts';
import { fromShellCode, type ExitStatus } from './exitFile.ts';
import { identityOfChild, type ProcessIdentity } from './identity.ts';
import { type LaunchLayers, planLaunch } from './launch.ts';

/** With an `exitFile`, the exit code is recorded for those who come later; see `readExitFile`. */
export interface SpawnSpec extends LaunchLayers {
  readonly command: Command;
  /** Absolute. */
  readonly workdir: string;
  /** The whole environment of the child (see `childEnvironment`). */
  readonly env: Readonly<Record<string, string>>;
  /** Takes stdout and stderr. The child has its own copy: close it once this has resolved. */
  readonly logFd: number;
  readonly clock?: Clock;
}

export interface RunningProcess {
  /** Also the id of its process group and session on POSIX. */
  readonly pid: number;
  readonly identity: ProcessIdentity;
  /** Settles when the leader has ended; others of its tree may still live. Never rejects. */
  readonly exited: Promise<ExitStatus>;
}

/**
 * Starts a program that does not depend on this process: it leads its own session and process
 * group, and its output goes to a file, so nothing happens to it when this process goes away.
 * @throws DevEnvError `workdir-missing`, `command-not-found`, `spawn-failed`
 */
export async function spawnProcess(spec: SpawnSpec): Promise<RunningProcess> {
  requireDirectory(spec.workdir);
  const launch = planLaunch(spec.command, spec.workdir, spec.env, spec);
  const isRecorded = spec.exitFile !== undefined && process.platform !== 'win32';
  const options: SpawnOptions = {
    cwd: spec.workdir,
    env: process.platform === 'win32' ? spec.env : { ...spec.env, PWD: spec.workdir },
    // Files, never pipes: a full or broken pipe would tie the child to its reader.
    stdio: ['ignore', spec.logFd, spec.logFd],
    // On Windows a child outlives its parent anyway; `detached` would open a console window.
    detached: process.platform !== 'win32',
    windowsHide: true,
    windowsVerbatimArguments: launch.isVerbatim,
  };
  let child: ChildProcess;
  try {
    child = spawn(launch.file, launch.args, options);
  } catch (error) {
    throw spawnFailure(spec.command, error);
  }
  const clock = spec.clock ?? systemClock;
  const exited = new Promise<ExitStatus>((resolve) => {
    child.once('close', (code, signal) => {
      const status =
        isRecorded && code !== null
          ? fromShellCode(code)
          : { code: code ?? undefined, signal: signal ?? undefined };
      resolve({ ...status, atMs: clock.now() });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.on('error', (error) => reject(spawnFailure(spec.command, error)));
  });
  const pid = child.pid;
  if (pid === undefined) throw spawnFailure(spec.command, undefined);
  return { pid, identity: identityOfChild(pid), exited };
}

/** @throws DevEnvError `workdir-missing` */
export function requireDirectory(workdir: string): void {
  let isDirectory = false;
  try {
    isDirectory = statSync(workdir).isDirectory();
  } catch {
    // Reported below; whether it is missing or out of reach makes no difference to the remedy.
  }
  if (isDirectory) return;
  throw new DevEnvError(
    'workdir-missing',
    l10n.t('The working directory {0} does not exist. Create it, or correct "workdir".', workdir),
    { workdir },
  );
}

/** What to throw for a program that the system does not start. */
export function spawnFailure(command: Command, cause: unknown): DevEnvError {
  // Not the whole command: its arguments may hold secrets, and this goes into records and messages.
  const shown = typeof command === 'string' ? l10n.t('The command') : command[0];
  return new DevEnvError(
    'spawn-failed',
    l10n.t('{0} could not be started: {1}', shown, describeCause(cause)),
    { systemCode: systemErrorCode(cause) },
    cause,
  );
}

function describeCause(cause: unknown): string {
  switch (systemErrorCode(cause)) {
    case 'E2BIG':
      return l10n.t('its arguments and environment are too long (E2BIG)');
    case 'EAGAIN':
      return l10n.t('the limit on processes is reached (EAGAIN)');
    case 'EMFILE':
    case 'ENFILE':
      return l10n.t('the limit on open files is reached (EMFILE)');
    case 'ENOEXEC':
      return l10n.t('it is not a program this system can run (ENOEXEC)');
    case 'EACCES':
      return l10n.t('permission denied (EACCES)');
    default:
      return cause === undefined ? l10n.t('unknown reason') : errorMessage(cause);
  }
}
