import { Monitor } from '../monitor/monitor.ts';
import type { UsageTarget } from '../monitor/target.ts';
import type { EnvironmentChange } from './snapshot.ts';
import type { Event } from '../base/emitter.ts';
import type { ProcessSet } from './processSet.ts';

/** Measures the processes that an environment runs, and those of someone else that it has found. */
export function monitorOf(processes: ProcessSet, onDidChange: Event<EnvironmentChange>): Monitor {
  const targets = (): UsageTarget[] => {
    const found: UsageTarget[] = [];
    for (const { name, pid, run } of processes.all()) {
      if (pid !== undefined) found.push({ name, pid, runId: run?.id });
    }
    return found;
  };
  return new Monitor({ targets, onDidChange });
}
