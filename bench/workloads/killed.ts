import { readdirSync } from 'node:fs';
import { until } from '../../test/support/until.ts';
import { kill, Trial } from '../trial.ts';
import type { TurnsWorkload } from './workload.ts';

const count = 20;
/** What a manager takes down with it has gone by then, in ms. */
const settleMs = 500;

export function killedWorkload(rounds: number): TurnsWorkload {
  return {
    id: 'killed',
    title: 'The manager is killed with SIGKILL, and started again',
    text: `${String(count)} processes run. "Survive" are those that live half a second after the manager was killed; "doubled" are those that run twice after it was started again; the time is from that start until all have been started anew, or the manager says that it runs those that it found.`,
    figures: [
      { name: 'survive', unit: '' },
      { name: 'taken up', unit: '' },
      { name: 'doubled', unit: '' },
      { name: 'all running after', unit: 'ms' },
    ],
    rounds,
    takes: () => true,
    measure: async (manager) => {
      await using trial = new Trial(manager);
      const jobs = [...Array(count).keys()].map((i) => ({
        name: `job-${String(i)}`,
        command: `${trial.mark(`${String(i)}-$$`)}; exec sleep 600`,
      }));
      const session = await trial.start(jobs);
      await trial.untilMarks(count);
      const pid = session.pid();
      if (pid === undefined) throw new Error('The manager has gone.');
      kill(pid);
      await pause(settleMs);
      const survivors = new Set(trial.jobs(600).map((one) => one.pid));
      const startMs = performance.now();
      const again = await trial.start(jobs);
      await until(
        `${manager.name} to be at work`,
        async () =>
          again.managed === undefined
            ? readdirSync(trial.marks).length >= 2 * count
            : (await again.managed()) >= count,
        60_000,
        { everyMs: 10 },
      );
      const againMs = performance.now() - startMs;
      await pause(settleMs);
      const present = trial.jobs(600);
      const takenUp = present.filter((one) => survivors.has(one.pid)).length;
      const doubled = Math.max(0, present.length - count);
      return [survivors.size, doubled > 0 ? 0 : takenUp, doubled, againMs];
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
