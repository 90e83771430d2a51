import * as l10n from '@vscode/l10n';
import { durationText } from '../../controller/explain.ts';
import type { Timeline, TimelineEntry } from '../../controller/timeline.ts';

/** How many characters the longest bar has. */
const width = 40;

/** A start with what decided how long it took. */
export interface ShownTimeline {
  readonly timeline: Timeline;
  /** Names, first to last. */
  readonly critical: readonly string[];
}

/**
 * A start as bars of text: `·` while a process waits, `▒` while it starts, and how long it took.
 * `*` marks the chain that decided the whole.
 */
export function timelineText(
  { timeline, critical }: ShownTimeline,
  nowMs: number,
  time: (atMs: number) => string,
): string {
  const { startedAtMs, endedAtMs, entries } = timeline;
  const endMs = endedAtMs ?? nowMs;
  const total = durationText(endMs - startedAtMs);
  const heading =
    endedAtMs === undefined
      ? l10n.t('{0}: under way for {1}', time(startedAtMs), total)
      : l10n.t('{0}: took {1}', time(startedAtMs), total);
  const nameWidth = Math.max(0, ...entries.map(({ name }) => name.length));
  const column = (atMs: number): number =>
    endMs <= startedAtMs ? 0 : Math.round((width * (atMs - startedAtMs)) / (endMs - startedAtMs));
  const bars = [...entries]
    .sort((a, b) => (a.startedAtMs ?? endMs) - (b.startedAtMs ?? endMs))
    .map((entry) => {
      const mark = critical.includes(entry.name) ? '*' : ' ';
      return `${mark} ${entry.name.padEnd(nameWidth)}  ${bar(entry, column, endMs)}  ${outcome(entry, endMs)}`;
    });
  const chain =
    critical.length > 1 ? [l10n.t('* decided how long it took: {0}', critical.join(' → '))] : [];
  return [heading, ...bars, ...chain].join('\n');
}

function bar(entry: TimelineEntry, column: (atMs: number) => number, endMs: number): string {
  const stoppedMs = entry.upAtMs ?? entry.downAtMs ?? endMs;
  const waited = column(Math.min(entry.startedAtMs ?? stoppedMs, stoppedMs));
  const before = column(entry.waitingAtMs);
  const started = Math.max(column(stoppedMs) - waited, entry.startedAtMs === undefined ? 0 : 1);
  const text = ' '.repeat(before) + '·'.repeat(Math.max(0, waited - before)) + '▒'.repeat(started);
  return text.padEnd(width + 1);
}

function outcome(
  { startedAtMs, upAtMs, downAtMs, hasFailed }: TimelineEntry,
  endMs: number,
): string {
  const took =
    startedAtMs === undefined ? '' : durationText((upAtMs ?? downAtMs ?? endMs) - startedAtMs);
  if (upAtMs !== undefined) return l10n.t('up after {0}', took);
  if (hasFailed) return took === '' ? l10n.t('failed') : l10n.t('failed after {0}', took);
  if (downAtMs !== undefined) return l10n.t('stopped');
  return startedAtMs === undefined ? l10n.t('waiting') : l10n.t('starting for {0}', took);
}
