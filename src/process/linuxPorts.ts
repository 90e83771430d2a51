import { readlinkSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
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

/**
 * All listening TCP sockets of this network namespace. Takes some milliseconds, since the kernel
 * walks its whole table of connections for it: hence not synchronous.
 */
export async function readLinuxListeners(): Promise<LinuxListener[]> {
  const [ipv4Table, ipv6Table] = await Promise.all([
    readTable('/proc/net/tcp'),
    readTable('/proc/net/tcp6'),
  ]);
  return [...parseNetTcp(ipv4Table, 'IPv4'), ...parseNetTcp(ipv6Table, 'IPv6')];
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    // There is no tcp6 where IPv6 is switched off.
    return '';
  }
}

/** Parses /proc/net/tcp or tcp6 (proc_pid_net(5)); 0A is TCP_LISTEN. */
export function parseNetTcp(text: string, family: 'IPv4' | 'IPv6'): LinuxListener[] {
  const found: LinuxListener[] = [];
  for (const row of text.split('\n').slice(1)) {
    const [, local, , state, , , , uid, , inode] = row.trim().split(/\s+/);
    if (state !== '0A' || local === undefined || inode === undefined) continue;
    const [address = '', port = ''] = local.split(':');
    found.push({
      address: family === 'IPv4' ? ipv4(address) : ipv6(address),
      family,
      port: Number.parseInt(port, 16),
      uid: Number(uid),
      inode,
    });
  }
  return found;
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

/** Whether the process has one of these sockets; undefined when its files may not be looked at. */
export function hasSocket(pid: number, inodes: ReadonlySet<string>): boolean | undefined {
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return undefined;
  }
  return names.some((name) => {
    try {
      const link = readlinkSync(`/proc/${pid}/fd/${name}`);
      return link.startsWith('socket:[') && inodes.has(link.slice('socket:['.length, -1));
    } catch {
      return false;
    }
  });
}

/** The processes that hold each of these sockets, as far as they may be looked at. */
export async function ownersOf(inodes: ReadonlySet<string>): Promise<Map<string, number[]>> {
  const owners = new Map<string, number[]>();
  if (inodes.size === 0) return owners;
  await forEachPid(listPids(), (pid) => {
    if (hasSocket(pid, inodes) !== true) return;
    for (const inode of inodes) {
      if (hasSocket(pid, new Set([inode])) === true) {
        owners.set(inode, [...(owners.get(inode) ?? []), pid]);
      }
    }
  });
  return owners;
}
