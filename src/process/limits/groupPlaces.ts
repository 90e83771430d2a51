import path from 'node:path';
import type { ControllerName } from './chooseMeans.ts';

/** What the kernel says of control groups, as it is in /proc/self. */
export interface GroupTexts {
  readonly mountinfo: string;
  readonly cgroup: string;
}

const controllersV1: Partial<Record<string, ControllerName>> = {
  memory: 'memory',
  cpu: 'cpu',
  pids: 'pids',
  blkio: 'io',
};

/** By controller, the folder of the group of version 1 that this process is in. */
export function ownGroupsV1({
  mountinfo,
  cgroup,
}: GroupTexts): Partial<Record<ControllerName, string>> {
  const found: Partial<Record<ControllerName, string>> = {};
  const mounts = parseMounts(mountinfo).filter(({ type }) => type === 'cgroup');
  for (const { controllers, own } of parseMemberships(cgroup)) {
    for (const name of controllers) {
      const controller = controllersV1[name];
      const mount = mounts.find(({ options }) => options.includes(name));
      const folder = mount && folderOf(own, mount);
      if (controller !== undefined && folder !== undefined) found[controller] = folder;
    }
  }
  return found;
}

/**
 * Folders of version 2 in which groups might be made: the group that this process is in, and those
 * above it, nearest first. Not those of systemd, which wants to be asked for groups in its slices
 * and says so (systemd.io, CGROUP_DELEGATION).
 */
export function candidatesV2({ mountinfo, cgroup }: GroupTexts): string[] {
  const mount = parseMounts(mountinfo).find(({ type }) => type === 'cgroup2');
  const own = parseMemberships(cgroup).find(({ controllers }) => controllers.length === 0)?.own;
  const folder = mount && own !== undefined ? folderOf(own, mount) : undefined;
  if (mount === undefined || folder === undefined) return [];
  const found: string[] = [];
  for (let at = folder; at.startsWith(mount.point); at = path.posix.dirname(at)) {
    if (!/\.slice$|^user@\d+\.service$/.test(path.posix.basename(at))) found.push(at);
    if (at === mount.point) break;
  }
  return found;
}

interface Mount {
  readonly root: string;
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** See proc_pid_mountinfo(5): `36 35 98:0 /root /point options - type source super-options`. */
function parseMounts(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root, point] = left.split(' ');
    const [type, , options = ''] = right.split(' ');
    if (root === undefined || point === undefined || type === undefined) return [];
    return [{ root, point: unescape(point), type, options: options.split(',') }];
  });
}

/** Spaces and the like are written as octal numbers. */
function unescape(text: string): string {
  return text.replaceAll(/\\(\d{3})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 8)),
  );
}

/** See cgroups(7): `4:memory:/path`, and `0::/path` for version 2. */
function parseMemberships(
  cgroup: string,
): { readonly controllers: readonly string[]; readonly own: string }[] {
  return cgroup.split('\n').flatMap((line) => {
    const match = /^(\d+):([^:]*):(.+)$/.exec(line);
    if (match === null) return [];
    const [, , controllers = '', own = ''] = match;
    return [{ controllers: controllers === '' ? [] : controllers.split(','), own }];
  });
}

/** A container may see only a part of the hierarchy, from `root` on. */
function folderOf(own: string, { root, point }: Mount): string | undefined {
  if (own.startsWith('/..')) return undefined;
  const below = root === '/' ? own : own.startsWith(root) ? own.slice(root.length) : undefined;
  return below === undefined ? undefined : path.posix.join(point, below).replace(/(.)\/$/, '$1');
}
