import type { ProcessSnapshot } from '../../controller/snapshot.ts';
import { groupNames } from '../../controller/targets.ts';

/** How the processes of an environment are shown: by their first group, the others below. */
export interface Grouped {
  readonly groups: readonly string[];
  readonly ungrouped: readonly ProcessSnapshot[];
}

/** Groups that hold nothing, since all their members have another first group, are left out. */
export function grouped(processes: readonly ProcessSnapshot[]): Grouped {
  const first = new Set(processes.map(({ groups }) => groups[0]));
  return {
    groups: groupNames(processes).filter((name) => first.has(name)),
    ungrouped: processes.filter(({ groups }) => groups.length === 0),
  };
}

/** Those that are shown in a group. */
export function shownIn(
  group: string,
  processes: readonly ProcessSnapshot[],
): readonly ProcessSnapshot[] {
  return processes.filter(({ groups }) => groups[0] === group);
}

/** Those that are started and stopped with a group. */
export function membersOf(
  group: string,
  processes: readonly ProcessSnapshot[],
): readonly ProcessSnapshot[] {
  return processes.filter(({ groups }) => groups.includes(group));
}
