import * as l10n from '@vscode/l10n';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { DevEnvError } from '../base/errors.ts';
import { environmentValue } from './childEnvironment.ts';

/**
 * The file that `name` stands for in a child with this directory and environment: a name with a
 * slash is relative to `workdir`, any other is looked for in the child's own PATH, whose relative
 * and empty entries start at `workdir` too (POSIX, execvp). Done before spawning, since afterwards
 * all there is to see is an ENOENT that may as well mean a missing directory.
 *
 * Synchronous: a few stats, as the spawn that follows does them anyway.
 * @throws DevEnvError `command-not-found`
 */
export function findCommand(
  name: string,
  workdir: string,
  env: Readonly<Record<string, string>>,
): string {
  const isPath = name.includes('/') || (process.platform === 'win32' && name.includes('\\'));
  const folders = isPath ? [''] : searchPath(env);
  const extensions = process.platform === 'win32' ? windowsExtensions(name, env) : [''];
  let notExecutable: string | undefined;
  for (const folder of folders) {
    for (const extension of extensions) {
      const candidate = path.resolve(workdir, folder, name + extension);
      const found = look(candidate);
      if (found === 'executable') return candidate;
      if (found === 'file') notExecutable ??= candidate;
    }
  }
  throw new DevEnvError('command-not-found', problem(name, isPath, workdir, notExecutable), {
    command: name,
    workdir,
    notExecutable,
  });
}

function searchPath(env: Readonly<Record<string, string>>): string[] {
  const inherited = environmentValue(env, 'PATH');
  if (process.platform === 'win32') {
    // Windows looks in the current directory first, whatever PATH says.
    return ['', ...(inherited ?? '').split(';').map((folder) => folder.replaceAll('"', ''))];
  }
  // What shells and execvp fall back to (confstr _CS_PATH).
  return (inherited ?? '/usr/bin:/bin').split(':');
}

function windowsExtensions(name: string, env: Readonly<Record<string, string>>): string[] {
  const known = (environmentValue(env, 'PATHEXT') ?? '.COM;.EXE;.BAT;.CMD').split(';');
  const has = known.some((extension) => name.toLowerCase().endsWith(extension.toLowerCase()));
  return has ? ['', ...known] : known;
}

function look(file: string): 'executable' | 'file' | undefined {
  try {
    if (!statSync(file).isFile()) return undefined;
  } catch {
    return undefined;
  }
  try {
    accessSync(file, constants.X_OK);
    return 'executable';
  } catch {
    return 'file';
  }
}

function problem(
  name: string,
  isPath: boolean,
  workdir: string,
  notExecutable: string | undefined,
): string {
  if (notExecutable !== undefined) {
    return l10n.t(
      '{0} is not executable. Make it so (chmod +x), or name the program that runs it.',
      notExecutable,
    );
  }
  return isPath
    ? l10n.t('The command {0} does not exist. It was looked for in {1}.', name, workdir)
    : l10n.t(
        'The command {0} was not found in the PATH of this process. Install it, correct its name, or give its full path.',
        name,
      );
}
