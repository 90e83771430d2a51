import type { EnvironmentController } from '../../controller/snapshot.ts';
import { criticalChain } from '../../controller/timeline.ts';
import { lastStart, type ShownStart } from './lastStart.ts';

/**
 * The start to show of an environment: the last one of several processes if there was one, since the
 * restart of a single one would hide it. Where another window runs it, what its processes tell.
 */
export function shownStart(controller: EnvironmentController): ShownStart | undefined {
  const timelines = controller.timelines();
  const timeline = timelines.findLast(({ entries }) => entries.length > 1) ?? timelines.at(-1);
  if (timeline === undefined) return lastStart(controller.processes());
  const critical = new Set(
    criticalChain(timeline, (name) => controller.process(name)?.dependsOn ?? []),
  );
  return {
    startedAtMs: timeline.startedAtMs,
    endedAtMs: timeline.endedAtMs,
    bars: timeline.entries.map(
      ({ name, waitingAtMs, startedAtMs, upAtMs, downAtMs, hasFailed }) => ({
        name,
        waitingFromMs: waitingAtMs,
        startedAtMs: startedAtMs ?? (upAtMs === undefined ? undefined : waitingAtMs),
        upAtMs: upAtMs ?? downAtMs,
        hasFailed,
        isCritical: critical.has(name),
      }),
    ),
  };
}
