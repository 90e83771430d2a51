import { readLinuxProcess } from './linuxProcessTable.ts';
import { readProcess } from './processTable.ts';

/** Tells a process from any other there is or will be: PIDs are given out again, pairs are not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In the platform's own form, see ProcessInfo. Undefined when it could not be found out. */
  readonly startTime: string | undefined;
}

/**
 * Stands for a leader whose PID nobody knows any more: above every system's largest PID, so that
 * nothing can be hit by it. What is left of its run is found by its mark.
 */
export const nobody: ProcessIdentity = { pid: 0x3fff_ffff, startTime: 'unknown' };

/**
 * The identity of a child just spawned, at no cost: elsewhere than on Linux the start time is left
 * out, since it takes a program to ask for (`identify`), which the start should not wait for.
 */
export function identityOfChild(pid: number): ProcessIdentity {
  const startTime = process.platform === 'linux' ? readLinuxProcess(pid)?.startTime : undefined;
  return { pid, startTime };
}

/** The identity of the process that has this PID now; undefined when there is none. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const info = await readProcess(pid);
  return info === undefined || info.isZombie ? undefined : { pid, startTime: info.startTime };
}

/**
 * Whether the process that was identified is still alive, a zombie counting as gone. Without a
 * start time nothing can be told, and the answer is no.
 */
export async function isSameProcess(identity: ProcessIdentity): Promise<boolean> {
  if (identity.startTime === undefined) return false;
  const now = await identify(identity.pid);
  return now?.startTime === identity.startTime;
}
