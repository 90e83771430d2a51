import { readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../test/support/until.ts';
import type { Manager } from '../managers/manager.ts';
import { kill, Trial } from '../trial.ts';
import { type Standing, type StandingWorkload, standOn } from './workload.ts';

/** Managers want a run to last a while before they count it as one. In ms. */
const betweenMs = 1_100;

export function crashWorkload(rounds: number): StandingWorkload {
  return {
    id: 'crash',
    title: 'From a crash to running again',
    text: 'Each manager has a process that is killed with SIGKILL, by turns; the time is from there to the first instruction of the next run, beyond the smallest delay that the manager can be given.',
    figures: [{ name: 'beyond the delay', unit: 'ms', digits: 1 }],
    rounds,
    takes: ({ abilities }) => abilities.has('restart'),
    isAtOnce: false,
    restMs: 0,
    open: openCrash,
  };
}

function openCrash(manager: Manager): Promise<Standing> {
  const trial = new Trial(manager);
  return standOn(trial, async () => {
    const seen = join(trial.marks, '..', 'seen');
    // The shell that runs this is the program itself: its PID is the name of the mark.
    const command = `: > ${trial.marks}/$$; exec sleep 600`;
    await trial.start([{ name: 'crasher', command, isRestarted: true }]);
    let run = await nextRun(trial);
    return async () => {
      const youngMs = run.atMs + betweenMs - Date.now();
      if (youngMs > 0) await new Promise((resolve) => setTimeout(resolve, youngMs));
      renameSync(join(trial.marks, run.pid), seen);
      const killedMs = Date.now();
      kill(Number(run.pid));
      run = await nextRun(trial);
      return [run.atMs - killedMs - manager.restartDelayMs];
    };
  });
}

interface Begun {
  readonly pid: string;
  readonly atMs: number;
}

function nextRun({ manager, marks }: Trial): Promise<Begun> {
  return until(
    `a run by ${manager.name}`,
    () => {
      const [pid] = readdirSync(marks);
      return pid === undefined ? undefined : { pid, atMs: statSync(join(marks, pid)).mtimeMs };
    },
    60_000,
    { everyMs: 10 },
  );
}
