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

/** What a start leaves to collect is not what doing nothing costs. In ms. */
const settleMs = 15_000;

interface Pair {
  readonly processes: number;
  readonly base: OpenWindow;
  readonly measured: OpenWindow;
}

/** With so many processes each; all of them at the same time. */
export async function measureIdle(
  stage: Stage,
  counts: readonly number[],
  slices: number,
): Promise<readonly IdleResult[]> {
  const windows: OpenWindow[] = [];
  const open = async (processes: number): Promise<OpenWindow> => {
    const window = await openIdle(stage, processes);
    windows.push(window);
    return window;
  };
  try {
    const pairs: Pair[] = [];
    for (const processes of counts) {
      pairs.push({ processes, base: await open(processes), measured: await open(processes) });
    }
    return await measurePairs(stage, pairs, slices);
  } finally {
    for (const window of windows) await window[Symbol.asyncDispose]();
  }
}

async function measurePairs(
  stage: Stage,
  pairs: readonly Pair[],
  slices: number,
): Promise<readonly IdleResult[]> {
  for (const { processes, measured } of pairs) {
    await measured.workbench.clickViewAction('Start All');
    await untilUp(measured, processes, processes);
  }
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const visible = await costs(pairs, slices);
  for (const { base, measured } of pairs) {
    await showOtherView(base);
    await showOtherView(measured);
  }
  const hidden = await costs(pairs, slices);
  return pairs.map(({ processes, base, measured }, i) => {
    const result = {
      processes,
      sliceSeconds,
      visible: visible[i] ?? noCost,
      hidden: hidden[i] ?? noCost,
      memoryMb: memoryMb(measured.hostPid).now,
      baseMemoryMb: memoryMb(base.hostPid).now,
    };
    for (const view of ['visible', 'hidden'] as const) stage.say(`  ${inWords(result, view)}`);
    return result;
  });
}

async function openIdle(stage: Stage, processes: number): Promise<OpenWindow> {
  const window = await openWindow(stage, {
    text: sleepersText(processes),
    settings: {
      'devEnv.autoStart': 'never',
      // VS Code itself would look through the open files of every process of the machine.
      'remote.autoForwardPorts': false,
    },
  });
  await window.workbench.openView('Dev Env');
  await window.workbench.waitForRow('sleeper-0');
  return window;
}

const noCost: IdleCost = { base: [], measured: [] };

async function costs(pairs: readonly Pair[], slices: number): Promise<IdleCost[]> {
  const pids = pairs.flatMap(({ base, measured }) => [base.hostPid, measured.hostPid]);
  await untilAtRest(pids);
  const rounds: number[][] = [];
  for (let i = 0; i < slices; i += 1) rounds.push(await cpuPercents(pids, sliceSeconds * 1000));
  const of = (column: number): number[] => rounds.map((one) => one[column] ?? Number.NaN);
  return pairs.map((_, i) => ({ base: of(2 * i), measured: of(2 * i + 1) }));
}

function inWords(result: IdleResult, view: 'visible' | 'hidden'): string {
  const { base, measured } = result[view];
  const difference = (median(measured) - median(base)).toFixed(2);
  return (
    `${result.processes} processes, ${view}: ${median(measured).toFixed(2)} % beside ` +
    `${median(base).toFixed(2)} %, ${difference} % more`
  );
}
