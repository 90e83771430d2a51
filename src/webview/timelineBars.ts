import type { DashboardTimeline, TimelineBar } from './messages.ts';

/** A bar as parts of the whole width, 0 to 1. */
export interface DrawnBar {
  readonly bar: TimelineBar;
  /** From when it was asked for to its start. */
  readonly wait: { readonly from: number; readonly to: number };
  /** From its start to when it was up, or until now. */
  readonly work: { readonly from: number; readonly to: number } | undefined;
}

/** How a start is drawn; `nowMs` is the end of what is still under way. */
export function drawTimeline(
  { startedAtMs, endedAtMs, bars }: DashboardTimeline,
  nowMs: number,
): { readonly totalMs: number; readonly bars: readonly DrawnBar[] } {
  const ends = bars.map(({ upAtMs, startedAtMs: began }) => upAtMs ?? began ?? startedAtMs);
  const endMs = endedAtMs ?? Math.max(nowMs, ...ends);
  const totalMs = Math.max(1, endMs - startedAtMs);
  const part = (atMs: number): number => Math.min(1, Math.max(0, (atMs - startedAtMs) / totalMs));
  const inOrder = bars.toSorted(
    (a, b) =>
      (a.startedAtMs ?? Number.MAX_VALUE) - (b.startedAtMs ?? Number.MAX_VALUE) ||
      a.waitingFromMs - b.waitingFromMs,
  );
  return {
    totalMs,
    bars: inOrder.map((bar) => {
      const waitEndMs = bar.startedAtMs ?? endMs;
      return {
        bar,
        wait: { from: part(bar.waitingFromMs), to: part(waitEndMs) },
        work:
          bar.startedAtMs === undefined
            ? undefined
            : { from: part(bar.startedAtMs), to: part(bar.upAtMs ?? endMs) },
      };
    }),
  };
}

/** Round times for the scale below: three to six of them, the first 0. */
export function scaleMarks(totalMs: number): readonly number[] {
  const rough = totalMs / 5;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const marks: number[] = [];
  for (let mark = 0; mark <= totalMs; mark += step) marks.push(mark);
  return marks;
}

/** `0.4 s`, `12 s`, `80 ms`. */
export function spanText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  return `${Math.round(ms / 1000)} s`;
}
