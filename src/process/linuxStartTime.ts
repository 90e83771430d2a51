import { readLinuxProcess } from './linuxProcessTable.ts';

/** The kernel counts starts in hundredths of a second, whatever its own tick is. In ms. */
const tickMs = 10;

/**
 * When a process was started, in ms since the epoch; undefined when there is none. Measured from the
 * start of this very process, since what a container is told of the boot is not always true.
 */
export function startedAtMs(pid: number): number | undefined {
  const ticks = startTicks(pid);
  const ownTicks = startTicks(process.pid);
  if (ticks === undefined || ownTicks === undefined) return undefined;
  const ownStartMs = Date.now() - process.uptime() * 1000;
  return ownStartMs + (ticks - ownTicks) * tickMs;
}

function startTicks(pid: number): number | undefined {
  const ticks = readLinuxProcess(pid)?.startTime?.split(':').at(-1);
  return ticks === undefined ? undefined : Number(ticks);
}
