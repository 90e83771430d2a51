import { Trial } from '../trial.ts';
import type { TurnsWorkload } from './workload.ts';

export function startWorkload(count: number, rounds: number): TurnsWorkload {
  return {
    id: `start-${String(count)}`,
    title: `Start ${String(count)} processes`,
    text: `${String(count)} independent processes, from the command to the first instruction of the last one. The start of the manager itself is part of it.`,
    figures: [{ name: 'time', unit: 'ms', isRatio: true }],
    rounds,
    takes: ({ abilities }) => count < 1000 || abilities.has('thousand'),
    measure: async (manager) => {
      await using trial = new Trial(manager);
      await trial.start(
        [...Array(count).keys()].map((i) => ({
          name: `job-${String(i)}`,
          command: `${trial.mark(String(i))}; exec sleep 600`,
        })),
      );
      return [await trial.untilMarks(count)];
    },
  };
}
