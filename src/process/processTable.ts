import { listDarwinProcesses, readDarwinProcess } from './darwinProcessTable.ts';
import { listLinuxProcesses, readLinuxProcess, type TableDetail } from './linuxProcessTable.ts';
import type { ProcessInfo } from './processInfo.ts';
import { shareScan } from './sharedScan.ts';
import { listWindowsProcesses, readWindowsProcess } from './windowsProcessTable.ts';

/**
 * All processes of this system, zombies included. `tree` leaves out what costs more on Linux:
 * command line and user.
 */
export function listProcesses(detail: TableDetail = 'full'): Promise<ProcessInfo[]> {
  switch (process.platform) {
    case 'linux':
      return listLinuxProcesses(detail);
    case 'win32':
      return listWindowsProcesses();
    default:
      return listDarwinProcesses();
  }
}

/**
 * The processes of this system as a tree, from a look that began after the call and may be shared
 * with others who called meanwhile.
 */
export function listProcessTree(): Promise<readonly ProcessInfo[]> {
  return sharedTree(undefined);
}

const sharedTree = shareScan((): Promise<readonly ProcessInfo[]> => listProcesses('tree'));

/** One process with command line and user; undefined when there is none with this PID (any more). */
export async function readProcess(pid: number): Promise<ProcessInfo | undefined> {
  switch (process.platform) {
    case 'linux':
      return readLinuxProcess(pid, 'full');
    case 'win32':
      return readWindowsProcess(pid);
    default:
      return readDarwinProcess(pid);
  }
}
