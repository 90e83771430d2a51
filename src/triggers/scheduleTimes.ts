import type { Cron } from 'croner';
import type { Schedule } from '../config/model.ts';

/** The times of one schedule. */
export class ScheduleTimes {
  readonly #cron: Cron | undefined;

  private constructor(cron: Cron | undefined) {
    this.#cron = cron;
  }

  /** Loads what reads schedules on first use. One that makes no sense has no times. */
  static async read({ cron, timeZone }: Schedule): Promise<ScheduleTimes> {
    const { Cron: Read } = await import('croner');
    try {
      const options = { mode: '5-or-6-parts', paused: true } as const;
      const zone = timeZone === undefined ? {} : { timezone: timeZone };
      return new ScheduleTimes(new Read(cron, { ...options, ...zone }));
    } catch {
      // The file says so already, where the schedule is written.
      return new ScheduleTimes(undefined);
    }
  }

  /**
   * The first time after `afterMs`, in ms since the epoch; undefined when there is none any more.
   * Where the clocks change: a time of day that is left out comes right after the gap, one that
   * comes twice counts once; what recurs every so many minutes goes on doing so.
   */
  next(afterMs: number): number | undefined {
    return this.#cron?.nextRun(new Date(afterMs))?.getTime();
  }
}

/** A time that is found to be over for longer than this was slept through or nobody was there. */
export const latenessMs = 60_000;

export type DueTime =
  /** Not yet. */
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'due'; readonly atMs: number }
  /** `atMs` is the last one that was missed, `count` how many there were, up to `maxCounted`. */
  | { readonly kind: 'missed'; readonly atMs: number; readonly count: number };

/** Missed times are counted up to here: a schedule of seconds has many in a night. */
export const maxCounted = 100;

/** What a time that was awaited means now. Pure. */
export function decideTime(
  times: Pick<ScheduleTimes, 'next'>,
  expectedMs: number,
  nowMs: number,
): DueTime {
  if (nowMs < expectedMs) return { kind: 'wait', untilMs: expectedMs };
  if (nowMs - expectedMs <= latenessMs) return { kind: 'due', atMs: expectedMs };
  let atMs = expectedMs;
  let count = 1;
  for (; count < maxCounted; count++) {
    const next = times.next(atMs);
    if (next === undefined || next > nowMs) break;
    atMs = next;
  }
  return { kind: 'missed', atMs, count };
}
