import { readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../test/support/until.ts';
import { kill, Trial } from '../trial.ts';
import { median } from '../statistics.ts';
import type { Workload } from './workload.ts';

const crashes = 5;
/** Managers want a run to last a while before they count it as one. In ms. */
const betweenMs = 1_100;

export function crashWorkload(rounds: number): Workload {
  return {
    id: 'crash',
    title: 'From a crash to running again',
    text: 'A process is killed with SIGKILL, five times a round, 1.1 s apart; the time is from there to the first instruction of the next run, beyond the smallest delay that the manager can be given.',
    figures: [{ name: 'beyond the delay', unit: 'ms', digits: 1 }],
    rounds,
    takes: ({ abilities }) => abilities.has('restart'),
    measure: async (manager) => {
      await using trial = new Trial(manager);
      const seen = join(trial.marks, '..', 'seen');
      // The shell that runs this is the program itself: its PID is the name of the mark.
      const command = `: > ${trial.marks}/$$; exec sleep 600`;
      await trial.start([{ name: 'crasher', command, isRestarted: true }]);
      const times: number[] = [];
      for (let i = 0; i < crashes; i += 1) {
        const [pid = ''] = await until('a run', () => nonEmpty(readdirSync(trial.marks)), 60_000);
        await new Promise((resolve) => setTimeout(resolve, betweenMs));
        renameSync(join(trial.marks, pid), seen);
        const killedMs = Date.now();
        kill(Number(pid));
        const [next = ''] = await until(
          `a restart by ${manager.name}`,
          () => nonEmpty(readdirSync(trial.marks)),
          60_000,
        );
        times.push(statSync(join(trial.marks, next)).mtimeMs - killedMs - manager.restartDelayMs);
      }
      return [median(times)];
    },
  };
}

function nonEmpty(names: string[]): string[] | undefined {
  return names.length > 0 ? names : undefined;
}
