import { readlinkSync, readdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { forEachPid, listPids } from './linuxProcessTable.ts';

/** A TCP socket that takes connections, as /proc/net shows it. */
export interface LinuxListener {
  /** Numeric, as `net.Server.address()` would give it. */
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly port: number;
  readonly uid: number;
  /** Names the socket in /proc/<pid>/fd. */
  readonly inode: string;
}

/** All listening TCP sockets of this network namespace. */
export async function readLinuxListeners(): Promise<LinuxListener[]> {
  const both = await Promise.all([readTable('IPv4'), readTable('IPv6')]);
  return both.flat();
}

/**
 * The listening sockets on a port, at least those that a connection to `address` may reach. Faster
 * than looking through all of them.
 */
export async function readLinuxListenersOn(
  port: number,
  address: string | undefined,
): Promise<LinuxListener[]> {
  const isOnPort = (listener: LinuxListener): boolean => listener.port === port;
  if (address === undefined) return (await readLinuxListeners()).filter(isOnPort);
  const takes = (listener: LinuxListener): boolean =>
    isOnPort(listener) && [address, '0.0.0.0', '::'].includes(listener.address);
  const ipv6Listeners = async (): Promise<LinuxListener[]> =>
    (await readTable('IPv6', takes)).filter(isOnPort);
  if (address.includes(':')) return ipv6Listeners();
  const ipv4Listeners = (await readTable('IPv4', takes)).filter(isOnPort);
  // A listener on `::` takes IPv4 too, where there is no other.
  return ipv4Listeners.some(takes) ? ipv4Listeners : [...ipv4Listeners, ...(await ipv6Listeners())];
}

/** Some rows of 150 bytes: going on past the last listener is what costs. */
const chunkBytes = 600;

/**
 * The listeners of a family, up to the first that is `enough`. The kernel lists them before all other
 * connections (Documentation/networking/proc_net_tcp.rst), for which it walks its whole hash table:
 * some milliseconds, however few there are, and once more for the end of the file. So reading ends
 * as early as it can, and is not synchronous.
 */
async function readTable(
  family: LinuxListener['family'],
  enough: (listener: LinuxListener) => boolean = () => false,
): Promise<LinuxListener[]> {
  const found: LinuxListener[] = [];
  let file: FileHandle | undefined;
  try {
    file = await open(family === 'IPv4' ? '/proc/net/tcp' : '/proc/net/tcp6');
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (let rest = ''; ;) {
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, null);
      if (bytesRead === 0) return found;
      const rows = (rest + chunk.toString('latin1', 0, bytesRead)).split('\n');
      rest = rows.pop() ?? '';
      for (const row of rows) {
        const listener = parseRow(row, family);
        if (listener === 'other') return found;
        if (listener === undefined) continue;
        found.push(listener);
        if (enough(listener)) return found;
      }
    }
  } catch {
    // There is no tcp6 where IPv6 is switched off.
    return found;
  } finally {
    await file?.close();
  }
}

/** Parses /proc/net/tcp or tcp6 (proc_pid_net(5)). */
export function parseNetTcp(text: string, family: 'IPv4' | 'IPv6'): LinuxListener[] {
  return text
    .split('\n')
    .map((row) => parseRow(row, family))
    .filter((row) => row !== 'other' && row !== undefined);
}

/** `other`: a connection; undefined: no whole row, or the head of the table. 0A is TCP_LISTEN. */
function parseRow(row: string, family: 'IPv4' | 'IPv6'): LinuxListener | 'other' | undefined {
  const [, local, , state, , , , uid, , inode] = row.trim().split(/\s+/);
  if (state === undefined || state === 'st' || local === undefined || inode === undefined) {
    return undefined;
  }
  if (state !== '0A') return 'other';
  const [address = '', port = ''] = local.split(':');
  return {
    address: family === 'IPv4' ? ipv4(address) : ipv6(address),
    family,
    port: Number.parseInt(port, 16),
    uid: Number(uid),
    inode,
  };
}

/** Words of 32 bits in the machine's byte order, which is little on all that Node runs on but s390x. */
function bytesOf(hex: string): number[] {
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    for (let at = word + 6; at >= word; at -= 2) {
      bytes.push(Number.parseInt(hex.slice(at, at + 2), 16));
    }
  }
  return bytes;
}

function ipv4(hex: string): string {
  return bytesOf(hex).join('.');
}

function ipv6(hex: string): string {
  const bytes = bytesOf(hex);
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 2) {
    groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  }
  // URL knows the canonical form (RFC 5952), brackets around it.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** A socket that a process has open. */
export interface HeldSocket {
  readonly pid: number;
  /** The number of the file in the process. */
  readonly fd: string;
  readonly inode: string;
}

/** The first of these sockets that the process has, as far as its files may be looked at. */
export function findSocket(pid: number, inodes: ReadonlySet<string>): HeldSocket | undefined {
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return undefined;
  }
  for (const fd of names) {
    const inode = socketAt(pid, fd);
    if (inode !== undefined && inodes.has(inode)) return { pid, fd, inode };
  }
  return undefined;
}

/** The process still has it. The kernel gives no two sockets of one time the same inode. */
export function isStillHeld({ pid, fd, inode }: HeldSocket): boolean {
  return socketAt(pid, fd) === inode;
}

function socketAt(pid: number, fd: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
  } catch {
    return undefined;
  }
}

/** The processes that hold each of these sockets, as far as they may be looked at. */
export async function ownersOf(inodes: ReadonlySet<string>): Promise<Map<string, number[]>> {
  const owners = new Map<string, number[]>();
  if (inodes.size === 0) return owners;
  await forEachPid(listPids(), (pid) => {
    if (findSocket(pid, inodes) === undefined) return;
    for (const inode of inodes) {
      if (findSocket(pid, new Set([inode])) !== undefined) {
        owners.set(inode, [...(owners.get(inode) ?? []), pid]);
      }
    }
  });
  return owners;
}
