import type { Status } from 'pidusage';
import { listProcessTree } from '../process/processTable.ts';
import type { UsageTable } from './usageTable.ts';

/**
 * Families from one look at the process table, and for the members that came out `pidusage`, which
 * asks `ps` or Windows for all of them at once.
 */
export async function scanPortableUsage(
  table: UsageTable,
  findOwners: (table: UsageTable) => void,
): Promise<void> {
  table.atMs = performance.now();
  for (const info of await listProcessTree()) {
    const row = table.add(info.pid, info.isZombie);
    table.ppid[row] = info.ppid;
    table.pgid[row] = info.pgid ?? 0;
    table.sid[row] = info.sid ?? 0;
    table.start[row] = startNumber(info.startTime);
    table.cpuMs[row] = 0;
    table.childCpuMs[row] = 0;
    table.memoryBytes[row] = 0;
    table.threads[row] = 0;
  }
  findOwners(table);
  const members = [...table.pid.subarray(0, table.length)].filter(
    (_, row) => (table.owner[row] ?? -1) >= 0 && !table.isZombie(row),
  );
  await fillNumbers(table, members);
}

/** @param pids of rows of the table; those that have ended meanwhile stay as they are. */
export async function fillNumbers(table: UsageTable, pids: readonly number[]): Promise<void> {
  if (pids.length === 0) return;
  const { default: pidusage } = await import('pidusage');
  // Some of them end while one asks; what is left is measured the next time.
  const found = await pidusage([...pids]).catch(() => ({}));
  for (const [pid, stat] of Object.entries<Status | null | undefined>(found)) {
    const row = table.rowOf(Number(pid));
    if (row === undefined || stat == null) continue;
    table.cpuMs[row] = stat.ctime;
    table.memoryBytes[row] = stat.memory;
  }
}

/** Dates on macOS, ticks on Windows: only ever compared. */
function startNumber(startTime: string | undefined): number {
  if (startTime === undefined) return 0;
  const ticks = Number(startTime);
  return Number.isNaN(ticks) ? Date.parse(`${startTime} UTC`) || 0 : ticks;
}
