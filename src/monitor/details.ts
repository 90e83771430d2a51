import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { UsageDetails } from './usage.ts';

/**
 * What some processes hold and have moved, together. Undefined where the platform does not tell at
 * a reasonable price: elsewhere than on Linux it takes a program such as `lsof`, for seconds.
 */
export async function readDetails(pids: readonly number[]): Promise<UsageDetails | undefined> {
  if (process.platform !== 'linux') return undefined;
  const sockets = new Set<string>();
  let openFiles: number | undefined;
  let io: { readBytes: number; writeBytes: number } | undefined;
  for (const pid of pids) {
    const files = readFiles(pid, sockets);
    if (files !== undefined) openFiles = (openFiles ?? 0) + files;
    const moved = readIo(pid);
    if (moved === undefined) continue;
    io ??= { readBytes: 0, writeBytes: 0 };
    io.readBytes += moved.readBytes;
    io.writeBytes += moved.writeBytes;
  }
  const connections = openFiles === undefined ? undefined : await countEstablished(sockets);
  return {
    ...(openFiles === undefined ? {} : { openFiles }),
    ...(connections === undefined ? {} : { connections }),
    ...(io === undefined ? {} : { ioReadBytes: io.readBytes, ioWriteBytes: io.writeBytes }),
  };
}

/** How many files are open; adds the sockets among them. Undefined for someone else's process. */
function readFiles(pid: number, sockets: Set<string>): number | undefined {
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return undefined;
  }
  for (const name of names) {
    try {
      const link = readlinkSync(`/proc/${pid}/fd/${name}`);
      if (link.startsWith('socket:[')) sockets.add(link.slice('socket:['.length, -1));
    } catch {
      // Closed meanwhile.
    }
  }
  return names.length;
}

/** What reached storage or came from it (proc_pid_io(5)), as opposed to pipes and the cache. */
function readIo(pid: number): { readBytes: number; writeBytes: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/io`, 'latin1');
    const value = (key: string): number =>
      Number(new RegExp(`^${key}: (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    return { readBytes: value('read_bytes'), writeBytes: value('write_bytes') };
  } catch {
    return undefined;
  }
}

const established = '01';

async function countEstablished(sockets: ReadonlySet<string>): Promise<number> {
  if (sockets.size === 0) return 0;
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'latin1').catch(() => '')),
  );
  return tables
    .flatMap((table) => table.split('\n'))
    .map((row) => row.trim().split(/\s+/))
    .filter((row) => row[3] === established && sockets.has(row[9] ?? '')).length;
}
