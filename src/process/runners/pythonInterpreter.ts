import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { environmentValue } from '../childEnvironment.ts';
import { findCommand } from '../findCommand.ts';
import { wrongOption } from './options.ts';
import type { RunnerContext } from './runner.ts';

/** A Python, and the variables by which what it starts finds the same one. */
export interface PythonInterpreter {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The Python of a process, best first: the virtual environment `venv`; `.venv` or `venv` in its
 * directory, then in the workspace folder; the one that is active in its environment (VIRTUAL_ENV,
 * CONDA_PREFIX); python3 or python on its PATH.
 * @throws DevEnvError `runner-options` when `venv` is none, `command-not-found`
 */
export function findPython(
  { workdir, folder, env }: RunnerContext,
  venv: string | undefined,
  platform: NodeJS.Platform = process.platform,
): PythonInterpreter {
  if (venv !== undefined) {
    const root = path.resolve(workdir, venv);
    const found = inVirtualEnvironment(root, env, platform);
    if (found !== undefined) return found;
    throw wrongOption(l10n.t('There is no virtual environment in {0}.', root));
  }
  const folders = [...new Set([workdir, folder])].flatMap((each) => [
    path.join(each, '.venv'),
    path.join(each, 'venv'),
  ]);
  const active = environmentValue(env, 'VIRTUAL_ENV', platform);
  if (active !== undefined) folders.push(active);
  for (const root of folders) {
    const found = inVirtualEnvironment(root, env, platform);
    if (found !== undefined) return found;
  }
  return inConda(env, platform) ?? onPath(workdir, env, platform);
}

function inVirtualEnvironment(
  root: string,
  env: RunnerContext['env'],
  platform: NodeJS.Platform,
): PythonInterpreter | undefined {
  const bin = path.join(root, platform === 'win32' ? 'Scripts' : 'bin');
  const names = platform === 'win32' ? ['python.exe'] : ['python3', 'python'];
  const found = names.map((name) => path.join(bin, name)).find(isExecutable);
  if (found === undefined) return undefined;
  // What its `activate` script sets.
  const searchPath = environmentValue(env, 'PATH', platform);
  const separator = platform === 'win32' ? ';' : ':';
  const PATH = searchPath === undefined ? bin : `${bin}${separator}${searchPath}`;
  return { path: found, env: { VIRTUAL_ENV: root, PATH } };
}

function inConda(
  env: RunnerContext['env'],
  platform: NodeJS.Platform,
): PythonInterpreter | undefined {
  const prefix = environmentValue(env, 'CONDA_PREFIX', platform);
  if (prefix === undefined) return undefined;
  const file =
    platform === 'win32' ? path.join(prefix, 'python.exe') : path.join(prefix, 'bin', 'python3');
  return isExecutable(file) ? { path: file, env: {} } : undefined;
}

function onPath(
  workdir: string,
  env: RunnerContext['env'],
  platform: NodeJS.Platform,
): PythonInterpreter {
  // Windows has an alias `python3` that only opens the store.
  const names = platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];
  let problem: unknown;
  for (const name of names) {
    try {
      return { path: findCommand(name, workdir, env), env: {} };
    } catch (error) {
      problem ??= error;
    }
  }
  throw problem;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
