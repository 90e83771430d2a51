/**
 * What the extension costs in a real VS Code while its processes do nothing: CPU time and memory of
 * the extension host, beside a window that has the same file open and runs nothing. Both are open
 * and measured at the same time, so that what else the machine does hits both alike.
 */
import { showOtherView, sleepersText, untilUp } from './editorCrowd.ts';
import { cpuPercents, untilAtRest } from './editorRest.ts';
import type { IdleCost, IdleResult } from './editorResults.ts';
import { openWindow, type OpenWindow, type Stage } from './editorStage.ts';
import { median } from './statistics.ts';
import { memoryMb } from './usage.ts';

/**
 * Hosts that do nothing wake up for some 100 ms every now and then (VS Code's own doing: they do so
 * without this extension, too). In slices this short the median lies between such bursts.
 */
const sliceSeconds = 4;

export interface IdlePlan {
  readonly processes: number;
  /** Slices with the view visible, and as many with it hidden. */
  readonly slices: number;
}

export async function measureIdle(stage: Stage, plan: IdlePlan): Promise<IdleResult> {
  const { processes, slices } = plan;
  const options = {
    text: sleepersText(processes),
    settings: {
      'devEnv.autoStart': 'never',
      // VS Code itself would look through the open files of every process of the machine.
      'remote.autoForwardPorts': false,
    },
  };
  await using base = await openWindow(stage, options);
  await using measured = await openWindow(stage, options);
  const both = [base, measured];
  for (const { workbench } of both) {
    await workbench.openView('Dev Env');
    await workbench.waitForRow('sleeper-0');
  }
  await measured.workbench.clickViewAction('Start All');
  await untilUp(measured, processes, processes);
  const visible = await cost(both, slices);
  for (const window of both) await showOtherView(window);
  const hidden = await cost(both, slices);
  for (const [name, { base: low, measured: high }] of Object.entries({ visible, hidden })) {
    const difference = median(high) - median(low);
    stage.say(
      `  ${processes} processes, ${name}: ${median(high).toFixed(2)} % beside ` +
        `${median(low).toFixed(2)} %, ${difference.toFixed(2)} % more`,
    );
  }
  return {
    processes,
    sliceSeconds,
    visible,
    hidden,
    memoryMb: memoryMb(measured.hostPid).now,
    baseMemoryMb: memoryMb(base.hostPid).now,
  };
}

async function cost(windows: readonly OpenWindow[], slices: number): Promise<IdleCost> {
  const pids = windows.map(({ hostPid }) => hostPid);
  await untilAtRest(pids);
  const found = { base: [] as number[], measured: [] as number[] };
  for (let i = 0; i < slices; i += 1) {
    const [base, measured] = await cpuPercents(pids, sliceSeconds * 1000);
    found.base.push(base ?? Number.NaN);
    found.measured.push(measured ?? Number.NaN);
  }
  return found;
}
