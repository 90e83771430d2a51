/**
 * What the extension costs in a real VS Code while its processes do nothing: CPU time and memory of
 * the extension host, beside a window that has the same file open and runs nothing.
 */
import { readFileSync } from 'node:fs';
import type { CodeServer } from '../scripts/host/server.ts';
import type { Workbench } from '../scripts/host/workbench.ts';
import { until } from '../test/support/until.ts';
import { openWindow, type Stage, tickMs } from './editorStage.ts';

export interface EditorIdle {
  readonly processes: number;
  readonly seconds: number;
  /** Of one core, of the extension host as a whole. */
  readonly cpuPercent: { readonly visible: number; readonly hidden: number };
  /** The same of the window that runs nothing. */
  readonly baseCpuPercent: { readonly visible: number; readonly hidden: number };
  readonly memoryMb: number;
  readonly baseMemoryMb: number;
}

export async function measureEditorIdle(
  stage: Stage,
  processes: number,
  seconds: number,
): Promise<EditorIdle> {
  const base = await measureWindow(stage, processes, seconds, false);
  const busy = await measureWindow(stage, processes, seconds, true);
  return {
    processes,
    seconds,
    cpuPercent: { visible: busy.visible, hidden: busy.hidden },
    baseCpuPercent: { visible: base.visible, hidden: base.hidden },
    memoryMb: busy.memoryMb,
    baseMemoryMb: base.memoryMb,
  };
}

interface WindowCost {
  readonly visible: number;
  readonly hidden: number;
  readonly memoryMb: number;
}

async function measureWindow(
  stage: Stage,
  processes: number,
  seconds: number,
  isRunning: boolean,
): Promise<WindowCost> {
  const file = ['processes:'];
  for (let i = 0; i < processes; i += 1) {
    file.push(`  - { name: sleeper-${i}, command: [sleep, "36000"], autostart: true }`);
  }
  const { workbench, server, hostPid } = await openWindow(stage, {
    text: file.join('\n'),
    settings: {
      'devEnv.autoStart': 'never',
      // VS Code itself would look through the open files of every process of the machine.
      'remote.autoForwardPorts': false,
    },
  });
  try {
    await workbench.openView('Dev Env');
    await workbench.waitForRow('sleeper-0');
    if (isRunning) {
      await workbench.clickViewAction('Start All');
      await allUp(workbench, processes);
    }
    await rest(hostPid);
    const visible = await cpuPercent(hostPid, seconds);
    await workbench.page
      .locator('.activitybar')
      .getByRole('tab', { name: /Explorer/ })
      .click();
    await rest(hostPid);
    const hidden = await cpuPercent(hostPid, seconds);
    return { visible, hidden, memoryMb: memoryMb(hostPid) };
  } finally {
    await close(workbench, server);
  }
}

async function allUp(workbench: Workbench, processes: number): Promise<void> {
  await until(
    'all of them to run',
    async () =>
      (await workbench.statusItems()).some(({ text }) =>
        text.includes(`${processes}/${processes}`),
      ),
    300_000,
    {
      everyMs: 500,
      describe: async () => JSON.stringify(await workbench.statusItems()),
    },
  );
}

async function close(workbench: Workbench, server: CodeServer): Promise<void> {
  await workbench.page.evaluate('0').catch(() => undefined);
  await workbench.close();
  await server.stop(120_000);
}

/** Until a few seconds in a row have cost next to nothing: the start, and what it left to collect. */
async function rest(pid: number): Promise<void> {
  let calm = 0;
  for (let tries = 0; tries < 40 && calm < 3; tries += 1) {
    calm = (await cpuPercent(pid, 2)) < 15 ? calm + 1 : 0;
  }
}

async function cpuPercent(pid: number, seconds: number): Promise<number> {
  const before = cpuMs(pid);
  const startMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return ((cpuMs(pid) - before) / (performance.now() - startMs)) * 100;
}

function cpuMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

function memoryMb(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1] ?? Number.NaN) / 1024;
}
