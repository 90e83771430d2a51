import type { HeldLimit, LimitName } from './limits.ts';

/** What a tree uses at one moment. */
export interface LimitReading {
  readonly memoryBytes: number;
  /** Since the last reading; undefined at the first one. */
  readonly cpuPercent: number | undefined;
  readonly processes: number;
}

/** How many readings in a row were beyond each limit. */
export type OverCounts = Partial<Record<LimitName, number>>;

/**
 * So many in a row mean that a limit is exceeded. One may be a moment in which memory was about to
 * be given back; and everything that starts uses the processor for a while.
 */
const neededInARow: Partial<Record<LimitName, number>> = { memory: 2, cpu: 3, processes: 2 };

/** The counts after one more reading, for the limits that are held by readings. */
export function countReadings(
  held: readonly HeldLimit[],
  reading: LimitReading,
  before: OverCounts,
): OverCounts {
  const after: OverCounts = {};
  for (const { limit, value, means } of held) {
    const used = means === 'sampling' ? usedOf(limit, reading) : undefined;
    if (used !== undefined && used > value) after[limit] = (before[limit] ?? 0) + 1;
  }
  return after;
}

/** Whether it was exceeded long enough to say so. */
export function isExceeded(limit: LimitName, counts: OverCounts): boolean {
  const needed = neededInARow[limit];
  return needed !== undefined && (counts[limit] ?? 0) >= needed;
}

/** What of a reading a limit is about. */
export function usedOf(limit: LimitName, reading: LimitReading): number | undefined {
  switch (limit) {
    case 'memory':
      return reading.memoryBytes;
    case 'cpu':
      return reading.cpuPercent;
    case 'processes':
      return reading.processes;
    case 'open_files':
    case 'io_weight':
      return undefined;
  }
}
