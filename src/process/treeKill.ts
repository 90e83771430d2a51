import { execFile } from 'node:child_process';
import type { ProcessInfo } from './processInfo.ts';

/**
 * tree-kill, for the platforms on which there is no better way. Not for Linux: there it relies on
 * `ps`, which slim containers lack, and then throws where nobody can catch it; and it follows
 * parents only, which daemons do not have.
 */
async function treeKill(pid: number, signal: NodeJS.Signals): Promise<void> {
  const { default: kill } = await import('tree-kill');
  // Its error says no more than that somebody had ended already; the next scan tells who lives.
  await new Promise<void>((resolve) => kill(pid, signal, () => resolve()));
}

/** Signals a process that left the group of its run, and its descendants. */
export function signalDarwinTree(pid: number, signal: NodeJS.Signals): Promise<void> {
  return treeKill(pid, signal);
}

/**
 * Ends processes on Windows, which has no signals. Politely means to ask windows to close; a
 * console program does not hear that and waits for its grace period. The members are those of a
 * tree that was taken before, since `taskkill /T` finds nobody once the root is gone.
 */
export async function killWindowsTree(
  members: readonly ProcessInfo[],
  leaderPid: number,
  isForced: boolean,
): Promise<void> {
  if (!isForced) {
    await Promise.all(members.map((info) => taskkill(['/pid', String(info.pid)])));
    return;
  }
  if (members.some((info) => info.pid === leaderPid)) await treeKill(leaderPid, 'SIGKILL');
  await Promise.all(members.map((info) => taskkill(['/f', '/pid', String(info.pid)])));
}

function taskkill(args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    execFile('taskkill.exe', args, { windowsHide: true }, () => resolve());
  });
}
