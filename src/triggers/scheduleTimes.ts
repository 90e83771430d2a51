import { Cron } from 'croner';
import type { Schedule } from '../config/model.ts';

/** A schedule never changes, and reading it costs more than asking it. */
const readSchedules = new WeakMap<Schedule, Cron>();

/**
 * The first time of a schedule after `afterMs`, in ms since the epoch; undefined when there is none
 * any more, or the schedule makes no sense. Where the clocks change: a time of day that is left out
 * comes right after the gap, one that comes twice counts once; what recurs every so many minutes
 * goes on doing so.
 */
export function nextTime(schedule: Schedule, afterMs: number): number | undefined {
  try {
    let read = readSchedules.get(schedule);
    if (read === undefined) {
      const { cron, timeZone } = schedule;
      const options = { mode: '5-or-6-parts' } as const;
      read = new Cron(cron, timeZone === undefined ? options : { ...options, timezone: timeZone });
      readSchedules.set(schedule, read);
    }
    return read.nextRun(new Date(afterMs))?.getTime();
  } catch {
    // The file says so already, where the schedule is written.
    return undefined;
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
export function decideTime(schedule: Schedule, expectedMs: number, nowMs: number): DueTime {
  if (nowMs < expectedMs) return { kind: 'wait', untilMs: expectedMs };
  if (nowMs - expectedMs <= latenessMs) return { kind: 'due', atMs: expectedMs };
  let atMs = expectedMs;
  let count = 1;
  for (; count < maxCounted; count++) {
    const next = nextTime(schedule, atMs);
    if (next === undefined || next > nowMs) break;
    atMs = next;
  }
  return { kind: 'missed', atMs, count };
}
