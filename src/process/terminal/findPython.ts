import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The modules that the host of a terminal needs: there is no `termios` on Windows. */
const check = 'import fcntl, json, select, signal, socket, struct, termios';
/** A Python that takes longer to say that it is there is none to start programs with. */
const checkTimeoutMs = 20_000;

/**
 * Where a Python 3 of the system may be, best first. A version manager's `python3` on the PATH is a
 * script that chooses by the folder it is in, so the system's own comes first; but on macOS
 * /usr/bin/python3 opens a dialog when the developer tools are not installed.
 */
export function pythonCandidates(
  searchPath: string | undefined,
  platform: NodeJS.Platform = process.platform,
): string[] {
  if (platform === 'win32') return [];
  const system =
    platform === 'darwin'
      ? [
          '/Library/Developer/CommandLineTools/usr/bin',
          '/Applications/Xcode.app/Contents/Developer/usr/bin',
          '/opt/homebrew/bin',
          '/usr/local/bin',
        ]
      : ['/usr/bin', '/usr/local/bin'];
  const onPath = (searchPath ?? '').split(':').filter((folder) => path.posix.isAbsolute(folder));
  const folders = [...system, ...onPath].filter(
    (folder) => platform !== 'darwin' || folder !== '/usr/bin',
  );
  return [...new Set(folders)].map((folder) => path.posix.join(folder, 'python3'));
}

const found = new Map<string, Promise<string | undefined>>();

/**
 * A Python 3 that can hold a pseudo-terminal, tried out; undefined when there is none. Looked for
 * once for each `searchPath`: the PATH of the host.
 */
export function findTerminalPython(searchPath: string | undefined): Promise<string | undefined> {
  const key = searchPath ?? '';
  const known = found.get(key);
  if (known !== undefined) return known;
  const search = firstThatWorks(pythonCandidates(searchPath));
  found.set(key, search);
  // One that is installed later is found by the next start.
  void search.then((python) => {
    if (python === undefined) found.delete(key);
  });
  return search;
}

async function firstThatWorks(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) {
    if (isExecutable(candidate) && (await works(candidate))) return candidate;
  }
  return undefined;
}

function works(python: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(python, ['-IS', '-c', check], { timeout: checkTimeoutMs }, (error) =>
      resolve(error === null),
    );
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
