import type { Manager } from './managers/manager.ts';
import { bare } from './managers/bare.ts';
import { devEnv } from './managers/devEnv.ts';
import { chainWorkload, diamondWorkload } from './workloads/dependencies.ts';
import { crashWorkload } from './workloads/crash.ts';
import { floodWorkload } from './workloads/flood.ts';
import { idleWorkload } from './workloads/idle.ts';
import { killedWorkload } from './workloads/killed.ts';
import { startWorkload } from './workloads/start.ts';
import { stopWorkload } from './workloads/stop.ts';
import { measureOne, type Workload } from './workloads/workload.ts';

interface Check {
  readonly workload: Workload;
  /** What has to come out, by the index of the figure; the others only have to be numbers. */
  readonly expected: Readonly<Record<number, number>>;
}

/** Small forms of the workloads; counts only, for times on a busy machine say nothing. */
const checks: readonly Check[] = [
  { workload: startWorkload(10, 1), expected: {} },
  { workload: chainWorkload(1), expected: {} },
  { workload: diamondWorkload(1), expected: {} },
  { workload: floodWorkload(5, 1), expected: { 3: 0 } },
  { workload: crashWorkload(1), expected: {} },
  { workload: stopWorkload(5, 1), expected: { 1: 0 } },
  { workload: idleWorkload(5, 1, 1), expected: {} },
  { workload: killedWorkload(1), expected: { 0: 20, 1: 20, 2: 0 } },
];

/** Does the harness work, and does this project leave nothing behind and lose nothing? */
export async function checkQuickly(say: (line: string) => void): Promise<boolean> {
  let isGood = true;
  for (const { workload, expected } of checks) {
    for (const manager of [bare, devEnv].filter((one) => workload.takes(one))) {
      const problems = await problemsOf(workload, manager, manager === devEnv ? expected : {});
      const mark = problems.length === 0 ? '✔' : '✘';
      say(`  ${mark} ${workload.id}, ${manager.name} ${problems.join('; ')}`.trimEnd());
      if (problems.length > 0) isGood = false;
    }
  }
  return isGood;
}

async function problemsOf(
  workload: Workload,
  manager: Manager,
  expected: Readonly<Record<number, number>>,
): Promise<string[]> {
  try {
    const values = await measureOne(workload, manager);
    return workload.figures.flatMap(({ name }, index) => {
      const value = values[index];
      if (value === undefined || Number.isNaN(value)) return [`${name}: no number`];
      const wanted = expected[index];
      return wanted === undefined || wanted === value
        ? []
        : [`${name}: ${String(value)} in place of ${String(wanted)}`];
    });
  } catch (error) {
    return [String(error)];
  }
}
