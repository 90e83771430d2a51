import { closeSync, openSync, readSync } from 'node:fs';
import { forEachPid, listPids } from '../process/linuxProcessTable.ts';
import type { UsageTable } from './usageTable.ts';

/** USER_HZ: 100 on all that Node runs on, whatever the kernel's own tick is. */
const tickMs = 10;

// A line of /proc/<pid>/stat has some 300 bytes, the name in it 64 at most.
const buffer = Buffer.allocUnsafeSlow(2048);

/** Reads /proc/<pid>/stat of every process, once: family and numbers are on the same line. */
export async function scanLinuxUsage(
  table: UsageTable,
  findOwners: (table: UsageTable) => void,
): Promise<void> {
  table.atMs = performance.now();
  await forEachPid(listPids(), (pid) => {
    const length = readStat(pid);
    if (length > 0) parseUsage(buffer, length, table);
  });
  findOwners(table);
}

/** Into the buffer, in one read: that is how the kernel writes it. 0 when the process has ended. */
function readStat(pid: number): number {
  let fd: number;
  try {
    fd = openSync(`/proc/${pid}/stat`, 'r');
  } catch {
    return 0;
  }
  try {
    return readSync(fd, buffer, 0, buffer.length, null);
  } catch {
    return 0;
  } finally {
    closeSync(fd);
  }
}

const space = 0x20;
const minus = 0x2d;
const closingParenthesis = 0x29;

/**
 * Parses a line of /proc/<pid>/stat (proc_pid_stat(5)) into a new row, without making strings of
 * it. Field numbers are those of the manual.
 */
export function parseUsage(line: Buffer, length: number, table: UsageTable): void {
  let at = 0;
  let pid = 0;
  for (let digit = line[at] ?? 0; digit >= 48; digit = line[at] ?? 0) {
    pid = pid * 10 + digit - 48;
    at += 1;
  }
  const nameEnd = line.lastIndexOf(closingParenthesis, length - 1);
  if (pid === 0 || nameEnd < 0) return;
  const state = line[nameEnd + 2];
  // Z and X, and x of old kernels.
  const row = table.add(pid, state === 0x5a || state === 0x58 || state === 0x78);
  at = nameEnd + 4;
  for (let field = 4; field <= 24; field += 1) {
    const isNegative = line[at] === minus;
    if (isNegative) at += 1;
    let value = 0;
    for (let digit = line[at] ?? space; digit >= 48 && at < length; digit = line[at] ?? space) {
      value = value * 10 + digit - 48;
      at += 1;
    }
    at += 1;
    setField(table, row, field, isNegative ? -value : value);
  }
}

function setField(table: UsageTable, row: number, field: number, value: number): void {
  switch (field) {
    case 4:
      table.ppid[row] = value;
      break;
    case 5:
      table.pgid[row] = value;
      break;
    case 6:
      table.sid[row] = value;
      break;
    case 14:
      table.cpuMs[row] = value * tickMs;
      break;
    case 15:
      table.cpuMs[row] = (table.cpuMs[row] ?? 0) + value * tickMs;
      break;
    case 16:
      table.childCpuMs[row] = value * tickMs;
      break;
    case 17:
      table.childCpuMs[row] = (table.childCpuMs[row] ?? 0) + value * tickMs;
      break;
    case 20:
      table.threads[row] = value;
      break;
    case 22:
      table.start[row] = value;
      break;
    case 24:
      table.memoryBytes[row] = value * pageBytes();
      break;
    default:
  }
}

let knownPageBytes: number | undefined;

/** 4 KB, but 16 or 64 on some ARM and POWER systems. The first mapping of any process tells. */
function pageBytes(): number {
  if (knownPageBytes === undefined) {
    knownPageBytes = 4096;
    const head = Buffer.alloc(4096);
    try {
      const fd = openSync('/proc/self/smaps', 'r');
      const length = readSync(fd, head, 0, head.length, null);
      closeSync(fd);
      const kilobytes = /^KernelPageSize:\s+(\d+) kB/m.exec(head.toString('latin1', 0, length));
      if (kilobytes !== null) knownPageBytes = Number(kilobytes[1]) * 1024;
    } catch {
      // Kernels without it have pages of the usual size, most likely.
    }
  }
  return knownPageBytes;
}
