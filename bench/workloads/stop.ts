import { Trial } from '../trial.ts';
import type { TurnsWorkload } from './workload.ts';

const graceMs = 2_000;
/** A manager that has not stopped everything by then does not come to its end, in ms. */
const patienceMs = 5_000;

export function stopWorkload(count: number, rounds: number): TurnsWorkload {
  return {
    id: 'stop',
    title: `Stop ${String(count)} process trees`,
    text: `${String(count)} shells with two children each; one of them is deaf to SIGTERM, one has a daemon that left its group and session. The grace period is 2 s where it can be set. The time is until the manager says that it is done; survivors are what lives then, or after 5 s for one that does not come to its end, which has no time.`,
    figures: [
      { name: 'time', unit: 'ms', isRatio: true },
      { name: 'survivors', unit: '' },
    ],
    rounds,
    takes: () => true,
    measure: async (manager) => {
      await using trial = new Trial(manager, graceMs);
      const polite = (i: number): string =>
        `sleep 600 & sleep 600 & ${trial.mark(String(i))}; wait`;
      const session = await trial.start(
        [...Array(count).keys()].map((i) => ({ name: `tree-${String(i)}`, command: commandOf(i) })),
      );
      await trial.untilMarks(count);
      const manager_ = session.pid();
      const startMs = performance.now();
      const isDone = await Promise.race([session.stop().then(() => true), pause(patienceMs)]);
      const stopMs = isDone === true ? performance.now() - startMs : undefined;
      const survivors = trial.living().filter(({ pid }) => pid !== manager_);
      return [stopMs, survivors.length];

      function commandOf(i: number): string {
        // What is ignored stays ignored in the children.
        if (i === 0) return `trap '' TERM; ${polite(i)}`;
        return i === 1 ? `setsid sleep 600 & ${polite(i)}` : polite(i);
      }
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
