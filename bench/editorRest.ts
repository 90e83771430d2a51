import { readdirSync, readFileSync } from 'node:fs';

const lookMs = 1000;
/** Of a core, in %: what hosts cost that do nothing is a third of it. */
const calmPercent = 10;
const calmLooks = 3;
/** A machine on which it never gets calm is measured nevertheless. */
const maxLooks = 40;

/** CPU time of all threads of a process so far, in ms, to the microsecond. Linux. */
export function threadsCpuMs(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1');
      nanoseconds += Number(text.split(' ')[0]);
    } catch {
      // It has ended: they are few, and long-lived.
    }
  }
  return nanoseconds / 1e6;
}

/** How much of one core each has used meanwhile, in %; all in the same time. */
export async function cpuPercents(pids: readonly number[], ms: number): Promise<number[]> {
  const before = pids.map(threadsCpuMs);
  const startMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, ms));
  const tookMs = performance.now() - startMs;
  return pids.map((pid, i) => ((threadsCpuMs(pid) - (before[i] ?? 0)) / tookMs) * 100);
}

/** Until a few seconds in a row have cost next to nothing: the start, and what it left to collect. */
export async function untilAtRest(pids: readonly number[]): Promise<void> {
  let calm = 0;
  for (let looks = 0; looks < maxLooks && calm < calmLooks; looks += 1) {
    const isCalm = (await cpuPercents(pids, lookMs)).every((one) => one < calmPercent);
    calm = isCalm ? calm + 1 : 0;
  }
}
