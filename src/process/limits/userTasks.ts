import { readdirSync, statSync } from 'node:fs';
import { listPids } from '../linuxProcessTable.ts';

/**
 * How many tasks, processes and threads, this user has: what the kernel compares with the limit on
 * processes when one more is asked for. Undefined for root, who may have any number, whatever the
 * limit says (setrlimit(2), RLIMIT_NPROC).
 */
export function countUserTasks(uid: number | undefined = process.getuid?.()): number | undefined {
  if (uid === undefined || uid === 0 || process.platform !== 'linux') return undefined;
  let tasks = 0;
  for (const pid of listPids()) {
    try {
      if (statSync(`/proc/${pid}`).uid === uid) tasks += readdirSync(`/proc/${pid}/task`).length;
    } catch {
      // It has ended meanwhile.
    }
  }
  return tasks;
}
