import { setTimeout as pause } from 'node:timers/promises';

import type { CodeServer } from '../host/server.ts';
import type { Workbench } from '../host/workbench.ts';
import { isUp, type ProcessView, readEnvironment } from './environmentView.ts';

type Say = (line: string) => void;

/**
 * Says every change of state that the tree shows since it showed `known`, until the signal or until
 * `isDone`. Gives back what the tree showed last.
 */
export async function followTree(
  workbench: Workbench,
  server: CodeServer,
  say: Say,
  signal: AbortSignal,
  known: readonly ProcessView[],
  isDone: (processes: readonly ProcessView[]) => boolean = () => false,
): Promise<readonly ProcessView[]> {
  let before = known;
  while (!signal.aborted) {
    const processes = await readEnvironment(workbench, server);
    for (const { name, state, detail } of processes) {
      if (state === (before.find((one) => one.name === name)?.state ?? 'stopped')) continue;
      say(`  ${time()}  ${name.padEnd(10)} ${state.padEnd(10)} ${detail}`.trimEnd());
    }
    before = processes;
    if (isDone(processes)) break;
    await pause(200, undefined, { signal }).catch(() => undefined);
  }
  return before;
}

/** Follows until every process is up. Rejects when one has failed, or after `limitMs`. */
export async function waitUntilUp(
  workbench: Workbench,
  server: CodeServer,
  say: Say,
  limitMs: number,
): Promise<readonly ProcessView[]> {
  let failed: ProcessView | undefined;
  const limit = AbortSignal.timeout(limitMs);
  const processes = await followTree(workbench, server, say, limit, [], (all) => {
    failed = all.find(({ state }) => state === 'failed');
    return failed !== undefined || (all.length > 0 && all.every(isUp));
  });
  if (failed !== undefined) throw new Error(`${failed.name} is not up: ${failed.detail}`);
  if (limit.aborted) throw new Error(`The environment was not up after ${limitMs / 1000} s.`);
  return processes;
}

/**
 * Says which processes come and go, by the process table: for the time when the window that shows
 * the environment is someone else's.
 */
export async function followTable(
  server: CodeServer,
  say: Say,
  signal: AbortSignal,
): Promise<void> {
  let before = server.environmentProcesses();
  while (!signal.aborted) {
    await pause(500, undefined, { signal }).catch(() => undefined);
    const now = server.environmentProcesses();
    for (const name of new Set([...before.keys(), ...now.keys()])) {
      const [old, pid] = [before.get(name), now.get(name)];
      if (old === pid) continue;
      const what = pid === undefined ? `ended      PID ${String(old)}` : `started    PID ${pid}`;
      say(`  ${time()}  ${name.padEnd(10)} ${what}`);
    }
    before = now;
  }
}

function time(): string {
  return new Date().toTimeString().slice(0, 8);
}
