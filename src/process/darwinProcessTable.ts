import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProcessInfo } from './processInfo.ts';

const columns = 'pid=,ppid=,pgid=,uid=,state=,lstart=,command=';

/** All processes, from `ps`, which macOS always has. Start times are exact to the second. */
export async function listDarwinProcesses(): Promise<ProcessInfo[]> {
  return parseDarwinProcesses(await runPs(['-axwwo', columns]));
}

/** One process, or undefined when there is none with this PID (any more). */
export async function readDarwinProcess(pid: number): Promise<ProcessInfo | undefined> {
  try {
    return parseDarwinProcesses(await runPs(['-wwo', columns, '-p', String(pid)]))[0];
  } catch {
    // ps ends with 1 when it finds nothing.
    return undefined;
  }
}

async function runPs(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('/bin/ps', args, {
    // lstart is a date in words, whose language and width are the locale's.
    env: { LC_ALL: 'C', TZ: 'UTC' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

//                        pid     ppid    pgid    uid     state   Mon Jun  2 10:15:32 2025
const line =
  /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s*(.*)$/;

/** Parses what `ps -o pid=,ppid=,pgid=,uid=,state=,lstart=,command=` prints. */
export function parseDarwinProcesses(text: string): ProcessInfo[] {
  const found: ProcessInfo[] = [];
  for (const row of text.split('\n')) {
    const [, pid, ppid, pgid, uid, state, startTime, command] = line.exec(row) ?? [];
    if (pid === undefined) continue;
    found.push({
      pid: Number(pid),
      ppid: Number(ppid),
      pgid: Number(pgid),
      sid: undefined,
      startTime: startTime?.replace(/\s+/g, ' '),
      isZombie: state?.startsWith('Z') === true,
      command,
      uid: Number(uid),
    });
  }
  return found;
}
