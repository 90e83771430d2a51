import type { ProcessInfo } from './processInfo.ts';

/** The run whose processes are meant. */
export interface RunTarget {
  /** Its leader; also its process group and session on POSIX. */
  readonly pid: number;
  readonly startTime: string | undefined;
  /** What its processes carry as DEV_ENV_RUN_ID. */
  readonly runId: string;
  /**
   * Nothing was started for the run before its leader, so that nothing older need be looked at. False
   * or undefined where that is not known.
   */
  readonly isLeaderOldest?: boolean | undefined;
  /** Folders of the control groups that were made for it, where it has limits. */
  readonly controlGroups?: readonly string[] | undefined;
}

/** What is known of a run beside the process table. */
export interface TreeEvidence {
  /** PIDs whose environment carries the run id. */
  readonly marked: ReadonlySet<number>;
  /** Members found before, which may have lost their parent and their group since. */
  readonly known: Iterable<ProcessInfo>;
  /**
   * The leader has ended this moment, or was seen alive by this host in the course of the same
   * operation, so its number cannot have become another group's.
   */
  readonly isGroupFresh: boolean;
  /** The process that asks; it is never a member, and its own children need no start time. */
  readonly selfPid: number;
}

export interface TreeMembers {
  /** The living ones. Zombies hold nothing and count as gone. */
  readonly members: readonly ProcessInfo[];
  /** Whether the process group `target.pid` may be signalled as a whole. */
  readonly isGroupOurs: boolean;
}

/**
 * Who belongs to a run: its leader, its process group and session, whoever carries its mark, those
 * known from before, and all descendants of these. A number that was given to another program in
 * the meantime makes nobody a member: processes count only with the start time they were known by,
 * and the group only if it is proven to be the one the leader made.
 */
export function membersOf(
  table: readonly ProcessInfo[],
  target: RunTarget,
  evidence: TreeEvidence,
): TreeMembers {
  const leader = table.find((info) => info.pid === target.pid);
  const isLeaderOurs = leader !== undefined && isOurLeader(leader, target, evidence);
  const isGroupOurs = leader === undefined ? isGroupHeld(table, target, evidence) : isLeaderOurs;
  const known = new Map([...evidence.known].map((info) => [info.pid, info.startTime]));
  const isSeed = (info: ProcessInfo): boolean =>
    (isLeaderOurs && info.pid === target.pid) ||
    (isGroupOurs && (info.pgid === target.pid || info.sid === target.pid)) ||
    evidence.marked.has(info.pid) ||
    (known.has(info.pid) && known.get(info.pid) === info.startTime);

  const childrenOf = byParent(table);
  const members = new Map<number, ProcessInfo>();
  // A stack and not recursion: chains of parents can be long.
  const open = table.filter(isSeed);
  if (leader === undefined && process.platform === 'win32') {
    // Windows leaves the number of a parent that is gone with its children.
    open.push(...(childrenOf.get(target.pid) ?? []));
  }
  for (let info = open.pop(); info !== undefined; info = open.pop()) {
    if (members.has(info.pid) || info.pid === evidence.selfPid || info.pid <= 1) continue;
    members.set(info.pid, info);
    open.push(...(childrenOf.get(info.pid) ?? []));
  }
  return { members: [...members.values()].filter((info) => !info.isZombie), isGroupOurs };
}

function isOurLeader(leader: ProcessInfo, target: RunTarget, evidence: TreeEvidence): boolean {
  if (target.startTime !== undefined) return leader.startTime === target.startTime;
  // The number of one's own child is not given out again before one has taken note of its end.
  return leader.ppid === evidence.selfPid || evidence.marked.has(leader.pid);
}

/**
 * With the leader gone: a number stays taken as long as a group or session of it has members
 * (Linux `alloc_pid`; POSIX "process ID reuse"), so one member that is surely ours proves that the
 * whole group is still the one our leader made.
 */
function isGroupHeld(
  table: readonly ProcessInfo[],
  target: RunTarget,
  evidence: TreeEvidence,
): boolean {
  if (evidence.isGroupFresh) return true;
  const known = new Map([...evidence.known].map((info) => [info.pid, info.startTime]));
  return table.some(
    (info) =>
      (info.pgid === target.pid || info.sid === target.pid) &&
      (evidence.marked.has(info.pid) ||
        (known.has(info.pid) && known.get(info.pid) === info.startTime)),
  );
}

/** Of the tables that several runs are looked for in. */
const parentIndexes = new WeakMap<readonly ProcessInfo[], Map<number, ProcessInfo[]>>();

function byParent(table: readonly ProcessInfo[]): Map<number, ProcessInfo[]> {
  const known = parentIndexes.get(table);
  if (known !== undefined) return known;
  const childrenOf = new Map<number, ProcessInfo[]>();
  parentIndexes.set(table, childrenOf);
  for (const info of table) {
    const siblings = childrenOf.get(info.ppid);
    if (siblings === undefined) childrenOf.set(info.ppid, [info]);
    else siblings.push(info);
  }
  return childrenOf;
}
