import * as l10n from '@vscode/l10n';
import { forEachMarked } from './linuxMarkers.ts';
import { findSocket, type HeldSocket, readLinuxListenersOn } from './linuxPorts.ts';
import { listenersOn, type PortListener } from './ports.ts';
import { RunTree } from './runTree.ts';
import type { RunTarget } from './tree.ts';

/** `unknown`: the system does not say whose it is, or someone listens on behalf of others. */
export type PortOwner = 'ours' | 'foreign' | 'unknown';

export interface PortOwnership {
  readonly owner: PortOwner;
  /** Who listens, in words. */
  readonly seen: string;
  /** Where it could be found out. Who holds it listens, unless it was shut down and left open. */
  readonly socket?: HeldSocket;
}

/**
 * Programs that listen for others: containers, virtual machines, WSL. What a run started through
 * them is not in its tree, yet is its doing.
 */
const forwarders =
  /(^|[\\/])(docker-proxy|com\.docker\.\S+|rootlessport|rootlesskit|gvproxy|slirp4netns|pasta|limactl|colima|OrbStack|wslrelay|vpnkit\S*|kubectl|ssh)(\.exe)?(\s|$)/i;

/**
 * Does who listens on the port belong to a run? Members are given as PIDs, or looked up. With `address`, the one a connection reached, only the listener behind it counts:
 * on the other family of `localhost` someone else may listen.
 */
export async function listenerBelongsTo(
  port: number,
  members: ReadonlySet<number> | RunTarget,
  address?: string,
): Promise<PortOwnership> {
  if (process.platform === 'linux' && 'runId' in members) {
    const socket = await findOursQuickly(port, members.runId, address);
    if (socket !== undefined) {
      const seen = l10n.t('port {0} is held by PID {1}', port, socket.pid);
      return { owner: 'ours', seen, socket };
    }
  }
  const listeners = behind(await listenersOn(port), address);
  if (listeners.length === 0) return { owner: 'unknown', seen: l10n.t('nobody on port {0}', port) };
  const pids = 'runId' in members ? await pidsOf(members) : members;
  const ours = listeners.find(({ pid }) => pid !== undefined && pids.has(pid));
  if (ours !== undefined) return { owner: 'ours', seen: describeListener(port, ours) };
  const foreign = listeners.find(
    ({ pid, command }) => pid !== undefined && !forwarders.test(command ?? ''),
  );
  const shown = foreign ?? listeners[0];
  return {
    owner: foreign === undefined ? 'unknown' : 'foreign',
    seen: shown === undefined ? '' : describeListener(port, shown),
  };
}

/**
 * The common case, on the path of every start: a process that carries the run's mark holds the
 * socket. Costs a third of asking for everybody's sockets.
 */
async function findOursQuickly(
  port: number,
  runId: string,
  address: string | undefined,
): Promise<HeldSocket | undefined> {
  const sockets = await readLinuxListenersOn(port, address);
  const inodes = new Set(behind(sockets, address).map(({ inode }) => inode));
  let held: HeldSocket | undefined;
  if (inodes.size === 0) return undefined;
  await forEachMarked((pid, marks) => {
    if (marks.runId === runId) held ??= findSocket(pid, inodes);
  });
  return held;
}

/**
 * Those that a connection to `address` may reach: the listener on that very address, or else those
 * on all addresses of its family, or else on `::`, which takes IPv4 too unless told not to.
 */
function behind<T extends { readonly address: string }>(
  listeners: readonly T[],
  address?: string,
): readonly T[] {
  if (address === undefined) return listeners;
  const wildcards = address.includes(':') ? [address, '::'] : [address, '0.0.0.0', '::'];
  for (const wanted of wildcards) {
    const found = listeners.filter((listener) => listener.address === wanted);
    if (found.length > 0) return found;
  }
  return listeners;
}

async function pidsOf(target: RunTarget): Promise<Set<number>> {
  const tree = new RunTree(target, false);
  await tree.scan();
  return new Set(tree.members.map(({ pid }) => pid));
}

/** "port 5000 is held by node server.js (PID 123, user ann)" */
export function describeListener(port: number, listener: PortListener): string {
  const { pid, command, user = '?' } = listener;
  return pid === undefined
    ? l10n.t('port {0} is held by a program of user {1}', port, user)
    : l10n.t('port {0} is held by {1} (PID {2}, user {3})', port, command ?? '?', pid, user);
}
