import path from 'node:path';
import type { ControllerName, LimitCapabilities } from './chooseMeans.ts';
import type { HeldLimit, LimitMeans } from './limits.ts';

/** A control group to be made for a run. */
export interface ControlGroup {
  readonly folder: string;
  /** What to write into which of its files, in this order. */
  readonly settings: readonly GroupSetting[];
}

export interface GroupSetting {
  /** The first of these that is there. */
  readonly files: readonly string[];
  readonly value: string;
  /** A kernel may be built without it. */
  readonly isOptional?: true;
}

/** What has to be done for limits to hold by the chosen means. */
export interface LimitPlan {
  readonly groups: readonly ControlGroup[];
  /** What to put in front of the program's command line. */
  readonly prefix: readonly string[];
}

/** The period over which a share of the processor is given, in microseconds: the kernel's usual one. */
const periodUs = 100_000;

/** Of the folders of control groups that Dev Env made; see `isOwnGroup`. */
export const groupPrefix = 'dev-env-';

/** What to do for the limits of the run `runId`; samples are not its business. */
export function planLimits(
  held: readonly HeldLimit[],
  has: LimitCapabilities,
  runId: string,
): LimitPlan {
  const by = (means: LimitMeans): readonly HeldLimit[] =>
    held.filter((limit) => limit.means === means);
  const groups: ControlGroup[] = [];
  const settingsV2 = by('cgroup-v2').flatMap(settingsOfV2);
  if (has.groupsV2 !== undefined && settingsV2.length > 0) {
    const folder = path.posix.join(has.groupsV2.parent, groupPrefix + runId);
    groups.push({ folder, settings: settingsV2 });
  }
  for (const limit of by('cgroup-v1')) {
    const { controller, settings } = settingsOfV1(limit);
    const parent = has.groupsV1[controller];
    if (parent === undefined) continue;
    groups.push({ folder: path.posix.join(parent, groupPrefix + runId), settings });
  }
  const rlimits = by('rlimit');
  return {
    groups,
    prefix: [
      ...systemdPrefix(by('systemd'), runId),
      ...limiterPrefix(groups, rlimits, has.userTasks ?? 0),
    ],
  };
}

function settingsOfV2({ limit, value }: HeldLimit): readonly GroupSetting[] {
  switch (limit) {
    case 'memory':
      return [
        { files: ['memory.max'], value: String(value) },
        // Else what is over the limit would go to the disk, and on.
        { files: ['memory.swap.max'], value: '0', isOptional: true },
      ];
    case 'cpu':
      return [{ files: ['cpu.max'], value: `${quotaUs(value)} ${periodUs}` }];
    case 'processes':
      return [{ files: ['pids.max'], value: String(value) }];
    case 'io_weight':
      return [{ files: ['io.weight', 'io.bfq.weight'], value: `default ${value}` }];
    case 'open_files':
      return [];
  }
}

function settingsOfV1({ limit, value }: HeldLimit): {
  readonly controller: ControllerName;
  readonly settings: readonly GroupSetting[];
} {
  switch (limit) {
    case 'memory':
      return {
        controller: 'memory',
        settings: [
          { files: ['memory.limit_in_bytes'], value: String(value) },
          // Memory and swap together: no more than that in all.
          { files: ['memory.memsw.limit_in_bytes'], value: String(value), isOptional: true },
        ],
      };
    case 'cpu':
      return {
        controller: 'cpu',
        settings: [
          { files: ['cpu.cfs_period_us'], value: String(periodUs) },
          { files: ['cpu.cfs_quota_us'], value: String(quotaUs(value)) },
        ],
      };
    case 'io_weight':
      return { controller: 'io', settings: [{ files: weightFilesV1, value: weightV1(value) }] };
    case 'processes':
    case 'open_files':
      return { controller: 'pids', settings: [{ files: ['pids.max'], value: String(value) }] };
  }
}

/** By which scheduler there is. */
export const weightFilesV1 = ['blkio.bfq.weight', 'blkio.weight'];

/** The same usual weight of 100, and a smaller range. */
function weightV1(value: number): string {
  return String(Math.min(Math.max(value, 10), 1000));
}

/** The kernel takes nothing below a millisecond. */
function quotaUs(percent: number): number {
  return Math.max(Math.round((percent / 100) * periodUs), 1000);
}

function systemdPrefix(held: readonly HeldLimit[], runId: string): readonly string[] {
  if (held.length === 0) return [];
  const properties = held.flatMap(({ limit, value }) => {
    switch (limit) {
      case 'memory':
        return [`MemoryMax=${value}`, 'MemorySwapMax=0'];
      case 'cpu':
        return [`CPUQuota=${value}%`];
      case 'processes':
        return [`TasksMax=${value}`];
      case 'io_weight':
        return [`IOWeight=${value}`];
      case 'open_files':
        return [];
    }
  });
  return [
    'systemd-run',
    ...['--user', '--scope', '--quiet', '--collect', `--unit=${groupPrefix}${runId}`],
    ...properties.flatMap((property) => ['-p', property]),
    '--',
  ];
}

/**
 * Puts itself into groups and under limits, and becomes the program: so there is no moment at which
 * the program runs without them, and the recorder of its exit code, which must outlive it, is not
 * meant. A limit that cannot be set since the one there is is lower holds anyway; a group that
 * cannot be entered is an error, since what is shown of it would be a lie.
 *
 * `ulimit -p` is what dash and busybox call `ulimit -u`; in the others it fails, or `-u` has worked.
 */
const limiter = [
  'files=$1 tasks=$2 groups=$3',
  'shift 3',
  'while [ "$groups" -gt 0 ]; do',
  '  echo 0 >"$1" || { echo "dev-env: cannot enter the control group $1" >&2; exit 125; }',
  '  shift',
  '  groups=$((groups - 1))',
  'done',
  '[ "$files" = - ] || ulimit -n "$files" 2>/dev/null',
  '[ "$tasks" = - ] || ulimit -u "$tasks" 2>/dev/null || ulimit -p "$tasks" 2>/dev/null',
  'exec "$@"',
].join('\n');

function limiterPrefix(
  groups: readonly ControlGroup[],
  rlimits: readonly HeldLimit[],
  userTasks: number,
): readonly string[] {
  if (groups.length === 0 && rlimits.length === 0) return [];
  const valueOf = (name: string): number | undefined =>
    rlimits.find(({ limit }) => limit === name)?.value;
  const tasks = valueOf('processes');
  return [
    ...['/bin/sh', '-c', limiter, 'dev-env'],
    String(valueOf('open_files') ?? '-'),
    tasks === undefined ? '-' : String(userTasks + tasks),
    String(groups.length),
    ...groups.map(({ folder }) => path.posix.join(folder, 'cgroup.procs')),
  ];
}
