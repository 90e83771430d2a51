import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readProcFile } from './procFile.ts';
import type { ProcessInfo } from './processInfo.ts';

/** Of a system with thousands of processes, no more is read in one turn of the event loop. */
const sliceMs = 8;

/** `tree`: what `/proc/<pid>/stat` says. `full`: command line and user too, at twice the cost. */
export type TableDetail = 'tree' | 'full';

/** All processes, from /proc. Those that end while it is read are left out. */
export async function listLinuxProcesses(detail: TableDetail): Promise<ProcessInfo[]> {
  const found: ProcessInfo[] = [];
  await forEachPid(listPids(), (pid) => {
    const info = readLinuxProcess(pid, detail);
    if (info !== undefined) found.push(info);
  });
  return found;
}

/** Calls `visit` for each PID, giving way to other work every few milliseconds. */
export async function forEachPid(
  pids: readonly number[],
  visit: (pid: number) => void,
): Promise<void> {
  let sliceEnd = performance.now() + sliceMs;
  for (const pid of pids) {
    visit(pid);
    if (performance.now() < sliceEnd) continue;
    await new Promise(setImmediate);
    sliceEnd = performance.now() + sliceMs;
  }
}

/** The PIDs there are now, in the order of /proc (ascending). */
export function listPids(): number[] {
  const pids: number[] = [];
  for (const name of readdirSync('/proc')) {
    const first = name.charCodeAt(0);
    if (first >= 48 && first <= 57) pids.push(Number(name));
  }
  return pids;
}

/** One process, or undefined when there is none with this PID (any more). */
export function readLinuxProcess(
  pid: number,
  detail: TableDetail = 'tree',
): ProcessInfo | undefined {
  try {
    const line = readProcFile(`/proc/${pid}/stat`);
    if (line === undefined || line === 'vanished') return undefined;
    const stat = parseStat(line.toString('latin1'), bootId());
    if (stat === undefined) return undefined;
    if (detail === 'tree') return { ...stat, command: undefined, uid: undefined };
    return { ...stat, command: readCommand(pid, stat.name), uid: statSync(`/proc/${pid}`).uid };
  } catch {
    return undefined;
  }
}

/** What a line of /proc/<pid>/stat says, with the process's own short name. */
export type StatLine = Omit<ProcessInfo, 'command' | 'uid'> & { readonly name: string };

/**
 * Parses /proc/<pid>/stat (proc_pid_stat(5)). The name, in parentheses, may itself hold spaces and
 * parentheses, so it ends at the last one. Field 22, the start in clock ticks since boot, is made
 * unique across boots by `boot`.
 */
export function parseStat(text: string, boot: string): StatLine | undefined {
  const nameStart = text.indexOf('(');
  const nameEnd = text.lastIndexOf(')');
  if (nameStart < 0 || nameEnd < nameStart) return undefined;
  const fields = text.slice(nameEnd + 2).split(' ', 20);
  const [state, ppid, pgid, sid] = fields;
  const ticks = fields[19];
  if (state === undefined || sid === undefined || ticks === undefined) return undefined;
  return {
    pid: Number(text.slice(0, nameStart - 1)),
    ppid: Number(ppid),
    pgid: Number(pgid),
    sid: Number(sid),
    startTime: `${boot}:${ticks}`,
    // X is a process that is being taken off the table right now.
    isZombie: state === 'Z' || state === 'X' || state === 'x',
    name: text.slice(nameStart + 1, nameEnd),
  };
}

function readCommand(pid: number, name: string): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+$/, '');
  // Kernel threads and zombies have no command line; `ps` shows their name in brackets.
  return words === '' ? `[${name}]` : words.replaceAll('\0', ' ');
}

/** When a process of this boot was started, in clock ticks; undefined when that is not known. */
export function startTicks(startTime: string | undefined): number | undefined {
  const boot = `${bootId()}:`;
  if (startTime?.startsWith(boot) !== true) return undefined;
  const ticks = Number(startTime.slice(boot.length));
  return Number.isSafeInteger(ticks) ? ticks : undefined;
}

let cachedBootId: string | undefined;

/** The first part of this boot's id: records outlive a boot, and ticks begin again with it. */
function bootId(): string {
  if (cachedBootId === undefined) {
    try {
      cachedBootId = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
    } catch {
      cachedBootId = '';
    }
  }
  return cachedBootId;
}
