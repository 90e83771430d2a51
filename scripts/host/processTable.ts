import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process that carries a marker variable in its environment. */
export interface MarkedProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly processGroup: number;
  readonly commandLine: string;
  /** The value of the variable that was asked for. */
  readonly value: string;
}

/** Is there a process of this PID that is not a zombie? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and someone else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return process.platform !== 'linux' || readStat(pid)?.state !== 'Z';
}

/** Does this platform show the environment of other processes? */
export const canFindMarked = process.platform !== 'win32';

/**
 * The live processes whose environment has the variable, oldest first. Synchronous, since it must
 * also work while this program is exiting. Windows cannot tell and gives none.
 */
export function findMarked(variable: string): MarkedProcess[] {
  if (process.platform === 'linux') return findMarkedInProc(variable);
  return canFindMarked ? findMarkedByPs(variable) : [];
}

function findMarkedInProc(variable: string): MarkedProcess[] {
  const found: MarkedProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      const value = valueOf(variable, readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0'));
      const stat = value === undefined ? undefined : readStat(pid);
      if (value === undefined || stat === undefined || stat.state === 'Z') continue;
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      found.push({ pid, ...stat, commandLine, value });
    } catch {
      // Ended meanwhile, or not ours to read.
    }
  }
  return found.sort((a, b) => a.pid - b.pid);
}

/** `ps -E` prints the environment behind the command on macOS. */
function findMarkedByPs(variable: string): MarkedProcess[] {
  const table = execFileSync('ps', ['-axEww', '-o', 'pid=,ppid=,pgid=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    // It would carry the marker itself.
    env: { PATH: process.env['PATH'] },
  });
  return table.split('\n').flatMap((line) => {
    const [, pid, parentPid, processGroup, command] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    const value = valueOf(variable, command?.split(' ') ?? []);
    if (value === undefined || command === undefined || Number(pid) === process.pid) return [];
    const commandLine = command.replace(/(?: [A-Za-z_]\w*=\S*)+$/, '');
    return [
      {
        pid: Number(pid),
        parentPid: Number(parentPid),
        processGroup: Number(processGroup),
        commandLine,
        value,
      },
    ];
  });
}

function valueOf(variable: string, environment: readonly string[]): string | undefined {
  const prefix = `${variable}=`;
  return environment.find((entry) => entry.startsWith(prefix))?.slice(prefix.length);
}

/** State letter, parent and group from `/proc/PID/stat`; the name before them may hold anything. */
function readStat(
  pid: number,
): { state: string; parentPid: number; processGroup: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, parentPid, processGroup] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return {
      state: state ?? '',
      parentPid: Number(parentPid),
      processGroup: Number(processGroup),
    };
  } catch {
    return undefined;
  }
}
