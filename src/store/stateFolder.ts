import { chmod, lstat, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import envPaths from 'env-paths';
import { DevEnvError, errorMessage } from '../base/errors.ts';
import { writeAtomically } from './atomicFile.ts';
import { shortHash, slug } from './slug.ts';
import { placeSocket } from './socketPath.ts';

/** Names another place for the state of all environments: for tests and for unusual set-ups. */
export const stateHomeVariable = 'DEV_ENV_STATE_HOME';

/**
 * The folder that holds the state of all environments of this user: `~/.local/state/dev-env` on
 * Linux (the XDG state home), Application Support on macOS, local application data on Windows.
 */
export function stateHome(env: NodeJS.ProcessEnv = process.env): string {
  const override = env[stateHomeVariable];
  if (override !== undefined && override !== '') return path.resolve(override);
  const places = envPaths('dev-env', { suffix: '' });
  // env-paths gives the XDG state home under the name `log`.
  return process.platform === 'linux' ? places.log : places.data;
}

/** Where one environment keeps what outlives the editor. Holds no environment values, no secrets. */
export class StateFolder {
  /** Absolute. */
  readonly path: string;
  /** Tells this environment from every other one of this user; also the folder's own name. */
  readonly id: string;
  /** Folder with one file per generation of the lock; see environmentLock.ts. */
  readonly lockPath: string;
  /** Unix socket path, or the name of a pipe on Windows. */
  readonly socketPath: string;
  readonly recordFolder: string;

  constructor(folder: string, socketPath: string) {
    this.path = folder;
    this.id = path.basename(folder);
    this.lockPath = path.join(folder, 'lock');
    this.socketPath = socketPath;
    this.recordFolder = path.join(folder, 'records');
  }

  /** The folder that holds the logs and exit files of all runs of a process. */
  logFolder(process: string): string {
    return path.join(this.path, 'logs', slug(process));
  }

  logPath(process: string, run: number): string {
    return path.join(this.logFolder(process), `${String(run)}.log`);
  }

  /** Where the end of a run is noted by its wrapper, so that it is known when no host was there. */
  exitFile(process: string, run: number): string {
    return path.join(this.logFolder(process), `${String(run)}.exit`);
  }

  /** How the run was started, see launchNotes.ts; not there for most. */
  launchPath(process: string, run: number): string {
    return path.join(this.logFolder(process), `${String(run)}.launch`);
  }

  /** What a task wrote to one stream. */
  streamPath(process: string, run: number, stream: 'stdout' | 'stderr'): string {
    return path.join(this.logFolder(process), `${String(run)}.${stream}`);
  }

  /** Where the terminal of a run listens. Its name is no longer than that of the control socket. */
  terminalSocket(runId: string): string {
    return path.join(path.dirname(this.socketPath), `t-${runId.slice(0, 8)}`);
  }

  recordPath(process: string): string {
    return path.join(this.recordFolder, `${slug(process)}.json`);
  }

  historyPath(process: string): string {
    return path.join(this.path, 'history', `${slug(process)}.jsonl`);
  }
}

/**
 * Opens, and makes if need be, the state folder of the environment of `folder`. One folder has one
 * state folder, whatever links lead to it.
 * @throws DevEnvError `state-folder` when it cannot be made or belongs to another user.
 */
export async function openStateFolder(
  folder: string,
  home: string = stateHome(),
): Promise<StateFolder> {
  // A folder that is not there (any more) has a state all the same: what still runs is found by it.
  const real = await realpath(folder).catch(() => path.resolve(folder));
  const hash = shortHash(real, 10);
  const name = path.basename(real).replaceAll(/[^A-Za-z0-9._-]/g, '_');
  const target = path.join(home, `${name.slice(0, 40)}-${hash}`);
  const socket = placeSocket(target, hash);
  try {
    await makePrivateFolder(target);
    if (socket.folder !== undefined) await makePrivateFolder(socket.folder);
    const state = new StateFolder(target, socket.path);
    await mkdir(state.recordFolder, { recursive: true, mode: 0o700 });
    // For people who look around, and for naming the environment a left-over process belongs to.
    const note = path.join(target, 'environment.json');
    // A disk that is full just now makes the folder no worse.
    await writeAtomically(note, `${JSON.stringify({ folder: real })}\n`).catch(() => undefined);
    return state;
  } catch (error) {
    throw new DevEnvError(
      'state-folder',
      l10n.t('Cannot use the state folder {0}: {1}', target, errorMessage(error)),
      { path: target },
      error,
    );
  }
}

/** Makes `folder` so that only this user can look into it, and tightens one that is open to others. */
async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  // lstat: in a folder that others write to, a link could lead to a folder of theirs.
  const stats = await lstat(folder);
  if (!stats.isDirectory()) throw new Error(l10n.t('it is not a folder'));
  if (stats.uid !== process.getuid?.()) throw new Error(l10n.t('it belongs to another user'));
  if ((stats.mode & 0o077) !== 0) await chmod(folder, 0o700);
}
