import * as l10n from '@vscode/l10n';
import { errorMessage } from '../base/errors.ts';
import type { Limits } from '../config/model.ts';
import { limitCapabilities } from '../process/limits/capabilities.ts';
import {
  chooseMeans,
  type LimitCapabilities,
  onlySampling,
} from '../process/limits/chooseMeans.ts';
import { makeControlGroup, removeEmptyGroup } from '../process/limits/controlGroups.ts';
import { type LimitPlan, planLimits } from '../process/limits/limitPlan.ts';
import type { HeldLimit } from '../process/limits/limits.ts';

/** By what the limits of a run hold, and what has to be done for that. */
export interface ProgramLimits {
  readonly held: readonly HeldLimit[];
  readonly plan: LimitPlan;
  readonly warnings: readonly string[];
  /** What to do when no control groups can be made after all. */
  readonly fallback: (reason: string) => ProgramLimits;
}

/** In the environment of the editor, `sampling` makes no use of the kernel's means. */
const limitsVariable = 'DEV_ENV_LIMITS';

/** Finds out how the limits of a run are to be held. Makes nothing. */
export async function prepareLimits(
  limits: Limits,
  runId: string,
  env: Readonly<Record<string, string>>,
  hostEnv: NodeJS.ProcessEnv,
): Promise<ProgramLimits> {
  const isCountingTasks = limits.processes !== undefined;
  const found =
    hostEnv[limitsVariable] === 'sampling'
      ? onlySampling
      : await limitCapabilities({ isCountingTasks });
  // Without these the program that asks systemd for a scope would find no systemd.
  const hasBus = ['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'].some((name) => name in env);
  return plan(hasBus ? found : { ...found, systemdControllers: [] }, []);

  function plan(has: LimitCapabilities, warnings: readonly string[]): ProgramLimits {
    const held = chooseMeans(limits, has);
    return {
      held,
      plan: planLimits(held, has, runId),
      warnings: [...warnings, ...held.filter(({ means }) => means === undefined).map(notHeld)],
      fallback: (reason) =>
        plan({ ...has, groupsV1: {}, groupsV2: undefined }, [
          ...warnings,
          l10n.t('Its control group could not be made, so its limits are held otherwise: {0}', reason), // prettier-ignore
        ]),
    };
  }
}

function notHeld({ limit }: HeldLimit): string {
  return l10n.t('Nothing on this machine can hold its limit "{0}".', limit);
}

/** Makes what the plan needs; what cannot be made is done without. */
export function makeLimits(limits: ProgramLimits): ProgramLimits {
  const made: string[] = [];
  try {
    for (const group of limits.plan.groups) {
      makeControlGroup(group);
      made.push(group.folder);
    }
    return limits;
  } catch (error) {
    for (const folder of made) removeEmptyGroup(folder);
    return limits.fallback(errorMessage(error));
  }
}
