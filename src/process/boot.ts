import { uptime } from 'node:os';

/** Clocks are corrected, and `uptime` is rounded: two times of one boot may differ by this much. */
const toleranceMs = 60_000;

/** When this machine was started, in ms since the epoch; no process is older. */
export function bootedAtMs(nowMs: number): number {
  return Math.round(nowMs - uptime() * 1000);
}

/** Do two times of `bootedAtMs` mean the same boot? */
export function isSameBoot(oneMs: number, otherMs: number): boolean {
  return Math.abs(oneMs - otherMs) < toleranceMs;
}
