import type { EnvironmentController } from '../../controller/snapshot.ts';
import { criticalChain } from '../../controller/timeline.ts';
import type { DashboardTimeline, TimelineBar } from '../../webview/messages.ts';

/** More bars than these nobody takes in, and each of them would have to be drawn. */
export const maxBars = 60;

/** A start that is over or under way, without folder and ids. */
export type ShownStart = Omit<DashboardTimeline, 'folder' | 'bars'> & {
  readonly bars: readonly Omit<TimelineBar, 'id'>[];
};

/**
 * The start to show of an environment: the last one of several processes if there was one, since the
 * restart of a single one would hide it. Of a large one, what decided how long it took, what went
 * wrong, and what took longest.
 */
export function shownStart(
  controller: Pick<EnvironmentController, 'timelines' | 'process'>,
): ShownStart | undefined {
  const timelines = controller.timelines();
  const timeline = timelines.findLast(({ entries }) => entries.length > 1) ?? timelines.at(-1);
  if (timeline === undefined) return undefined;
  const critical = new Set(
    criticalChain(timeline, (name) => controller.process(name)?.dependsOn ?? []),
  );
  const bars = timeline.entries.map(
    ({ name, waitingAtMs, startedAtMs, upAtMs, downAtMs, hasFailed }) => ({
      name,
      waitingFromMs: waitingAtMs,
      startedAtMs: startedAtMs ?? (upAtMs === undefined ? undefined : waitingAtMs),
      upAtMs: upAtMs ?? downAtMs,
      hasFailed,
      isCritical: critical.has(name),
    }),
  );
  const shown = bars.length <= maxBars ? bars : bars.toSorted(byWeight).slice(0, maxBars);
  return {
    startedAtMs: timeline.startedAtMs,
    endedAtMs: timeline.endedAtMs,
    bars: shown,
    omitted: bars.length - shown.length,
  };
}

function byWeight(a: Omit<TimelineBar, 'id'>, b: Omit<TimelineBar, 'id'>): number {
  return (
    Number(b.isCritical) - Number(a.isCritical) ||
    Number(b.hasFailed) - Number(a.hasFailed) ||
    tookMs(b) - tookMs(a)
  );
}

/** What is not up yet may take longer than anything else; what has not begun says the least. */
function tookMs({ startedAtMs, upAtMs }: Omit<TimelineBar, 'id'>): number {
  if (startedAtMs === undefined) return -1;
  return upAtMs === undefined ? Number.MAX_VALUE : upAtMs - startedAtMs;
}
