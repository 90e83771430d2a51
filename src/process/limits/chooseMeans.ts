import { givenLimits, type HeldLimit, type LimitName, type LimitValues } from './limits.ts';

/** The controllers of control groups that hold limits, by the names of version 2. */
export type ControllerName = 'memory' | 'cpu' | 'pids' | 'io';

/** What this machine lets this user do. */
export interface LimitCapabilities {
  /** Can a process be given a limit of its own on open files? */
  readonly hasRlimits: boolean;
  /**
   * How many tasks (processes and threads) this user has now, where the kernel counts them against
   * a limit; undefined where it does not: it lets root have any number.
   */
  readonly userTasks: number | undefined;
  /** Where control groups of version 2 can be made, and the controllers that hold there. */
  readonly groupsV2: { readonly parent: string; readonly controllers: readonly ControllerName[] } | undefined; // prettier-ignore
  /** Where groups of version 1 can be made, by controller. */
  readonly groupsV1: Partial<Record<ControllerName, string>>;
  /** The controllers that the user's systemd has for its scopes; empty without one. */
  readonly systemdControllers: readonly ControllerName[];
  /** Can the usage of a tree be measured? */
  readonly canSample: boolean;
}

/** As if there were nothing but the numbers that one can look at. */
export const onlySampling: LimitCapabilities = {
  hasRlimits: false,
  userTasks: undefined,
  groupsV2: undefined,
  groupsV1: {},
  systemdControllers: [],
  canSample: true,
};

const controllerOf: Partial<Record<LimitName, ControllerName>> = {
  memory: 'memory',
  cpu: 'cpu',
  processes: 'pids',
  io_weight: 'io',
};

/**
 * By what each limit is to hold. The kernel's means come first. A program can be put into one group
 * of version 2 only: one that is made here, or one that systemd makes; the one that holds more of
 * the limits is taken.
 *
 * Processes by rlimit are a last resort before sampling: the kernel counts all processes of the
 * user there, so what the user has elsewhere is added, and what they start later counts too.
 */
export function chooseMeans(limits: LimitValues, has: LimitCapabilities): readonly HeldLimit[] {
  const given = givenLimits(limits);
  const needed = given.map(({ limit }) => controllerOf[limit]);
  const heldBy = (controllers: readonly ControllerName[]): number =>
    needed.filter((each) => each !== undefined && controllers.includes(each)).length;
  const v2 = has.groupsV2?.controllers ?? [];
  const isSystemd = heldBy(has.systemdControllers) > heldBy(v2);

  return given.map(({ limit, value }) => ({ limit, value, means: meansOf(limit) }));

  function meansOf(limit: LimitName): HeldLimit['means'] {
    const controller = controllerOf[limit];
    if (controller !== undefined) {
      if (!isSystemd && v2.includes(controller)) return 'cgroup-v2';
      if (!isSystemd && has.groupsV1[controller] !== undefined) return 'cgroup-v1';
      if (isSystemd && has.systemdControllers.includes(controller)) return 'systemd';
    }
    if (limit === 'open_files' && has.hasRlimits) return 'rlimit';
    if (limit === 'processes' && has.userTasks !== undefined) return 'rlimit';
    // A weight shows in nothing that could be measured, and open files only where rlimits are.
    const isMeasured = limit !== 'io_weight' && limit !== 'open_files';
    return isMeasured && has.canSample ? 'sampling' : undefined;
  }
}
