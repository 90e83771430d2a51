import * as vscode from 'vscode';
import type { DependencyCondition } from '../config/model.ts';
import type { ProcessSnapshot, StateName } from '../controller/snapshot.ts';
import { isUnhealthy } from './processFacts.ts';

/** The state as a word. */
export function stateWord(state: StateName): string {
  switch (state) {
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'waiting':
      return vscode.l10n.t('waiting');
    case 'starting':
      return vscode.l10n.t('starting');
    case 'running':
      return vscode.l10n.t('running');
    case 'stopping':
      return vscode.l10n.t('stopping');
    case 'backoff':
      return vscode.l10n.t('restarting soon');
    case 'completed':
      return vscode.l10n.t('completed');
    case 'failed':
      return vscode.l10n.t('failed');
  }
}

/** What has to be true of a dependency, as a word. */
export function conditionWord(condition: DependencyCondition): string {
  switch (condition) {
    case 'started':
      return vscode.l10n.t('started');
    case 'ready':
      return vscode.l10n.t('ready');
    case 'completed':
      return stateWord('completed');
  }
}

/** A length of time as coarse as it stays true for a while: nothing that is drawn has to tick. */
export function formatUptime(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return vscode.l10n.t('< 1 min');
  if (minutes < 60) return vscode.l10n.t('{0} min', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return vscode.l10n.t('{0} h {1} min', hours, minutes % 60);
  return vscode.l10n.t('{0} d {1} h', Math.floor(hours / 24), hours % 24);
}

/** A length of time that is over, as exact as a person cares for. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return vscode.l10n.t('{0} ms', Math.max(0, Math.round(ms)));
  if (ms < 60_000) return vscode.l10n.t('{0} s', Math.round(ms / 100) / 10);
  return formatUptime(ms);
}

/** `10:02:11`, in the person's time zone, always 24 hours: it stands in narrow places. */
export function formatTime(atMs: number): string {
  return new Date(atMs).toTimeString().slice(0, 8);
}

/** `10:02` when that is within a day, else with the date: `Mar 3, 10:02`. */
export function formatMoment(atMs: number, nowMs: number): string {
  const time = formatTime(atMs).slice(0, 5);
  if (Math.abs(atMs - nowMs) < 86_400_000) return time;
  const date = new Date(atMs).toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
  return `${date}, ${time}`;
}

/** `10:02:11.042`, for lines of output. */
export function formatPreciseTime(atMs: number): string {
  return `${formatTime(atMs)}.${String(atMs % 1000).padStart(3, '0')}`;
}

/**
 * What stands behind the name in the tree: `:5000 · 1.2 % · 84 MB · 12 min`, `waiting for db: …`.
 * `numbers` is what it uses, as words.
 */
export function describeProcess(
  process: ProcessSnapshot,
  nowMs: number,
  numbers: readonly string[] = [],
): string {
  const parts = stateParts(process, nowMs, numbers);
  if (process.statusText !== undefined) parts.push(process.statusText);
  parts.push(...triggerParts(process, nowMs));
  if (process.state === 'stopped' && !process.isInActiveProfiles) {
    parts.push(vscode.l10n.t('not in the active profiles'));
  }
  if (process.isRemoved) parts.push(vscode.l10n.t('removed from the file'));
  else if (process.hasPendingChange) parts.push(vscode.l10n.t('changed'));
  return parts.join(' · ');
}

function stateParts(process: ProcessSnapshot, nowMs: number, numbers: readonly string[]): string[] {
  const { state, reason } = process;
  const word = stateWord(state);
  switch (state) {
    case 'running':
      return runningParts(process, nowMs, numbers);
    case 'completed':
      return [completedText(process)];
    case 'stopped':
      return process.run === 0 ? [] : [reason === undefined ? word : `${word} ${reason}`];
    case 'waiting':
      return [reason ?? word];
    case 'starting':
      return reason === undefined ? [word] : [word, reason];
    case 'stopping':
      return reason === undefined ? [word] : [`${word} ${reason}`];
    case 'backoff':
      return [restartsAtText(process), ...(reason === undefined ? [] : [reason])];
    case 'failed':
      return [
        reason === undefined ? word : vscode.l10n.t('failed: {0}', reason),
        ...(process.breakerOpenUntilMs === undefined
          ? []
          : [triedAgainText(process.breakerOpenUntilMs)]),
      ];
  }
}

/** A crash loop is calmed: not before this time, unless a person starts it. */
function triedAgainText(atMs: number): string {
  return vscode.l10n.t('tried again at {0}', formatTime(atMs));
}

/** What its schedule and its watched files have to say. */
function triggerParts(process: ProcessSnapshot, nowMs: number): string[] {
  const { kind, nextScheduledAtMs, triggerNote } = process;
  const parts: string[] = [];
  if (nextScheduledAtMs !== undefined) {
    const moment = formatMoment(nextScheduledAtMs, nowMs);
    parts.push(
      kind === 'task'
        ? vscode.l10n.t('next run {0}', moment)
        : vscode.l10n.t('next restart {0}', moment),
    );
  }
  // A failure by a watch loop says the same.
  if (triggerNote !== undefined && process.failure !== 'watch-loop') parts.push(triggerNote);
  return parts;
}

function runningParts(
  process: ProcessSnapshot,
  nowMs: number,
  numbers: readonly string[],
): string[] {
  const parts: string[] = [];
  if (isUnhealthy(process)) parts.push(unhealthyText(process));
  if (process.port !== undefined) parts.push(`:${process.port}`);
  parts.push(...numbers);
  const sinceMs = process.readyAtMs ?? process.sinceMs;
  if (sinceMs !== undefined) parts.push(formatUptime(nowMs - sinceMs));
  if (process.restarts > 0) parts.push(restartsText(process.restarts));
  if (process.reason !== undefined) parts.push(process.reason);
  return parts.length === 0 ? [stateWord('running')] : parts;
}

function unhealthyText({ healthReason }: ProcessSnapshot): string {
  return healthReason === undefined
    ? vscode.l10n.t('unhealthy')
    : vscode.l10n.t('unhealthy: {0}', healthReason);
}

function completedText(process: ProcessSnapshot): string {
  const endMs = process.lastExit?.atMs;
  return process.startedAtMs === undefined || endMs === undefined
    ? stateWord('completed')
    : vscode.l10n.t('completed in {0}', formatDuration(endMs - process.startedAtMs));
}

function restartsAtText(process: ProcessSnapshot): string {
  return process.nextStartAtMs === undefined
    ? stateWord('backoff')
    : vscode.l10n.t('restarts at {0}', formatTime(process.nextStartAtMs));
}

export function restartsText(restarts: number): string {
  return restarts === 1 ? vscode.l10n.t('1 restart') : vscode.l10n.t('{0} restarts', restarts);
}

/** How the last run ended: `exit code 1 at 10:02:11`. */
export function lastExitText(process: ProcessSnapshot): string | undefined {
  const exit = process.lastExit;
  if (exit === undefined) return undefined;
  const time = formatTime(exit.atMs);
  if (exit.signal !== undefined) return vscode.l10n.t('ended by {0} at {1}', exit.signal, time);
  if (exit.code === undefined) return vscode.l10n.t('ended at {0}', time);
  return vscode.l10n.t('exit code {0} at {1}', exit.code, time);
}

/** What a screen reader says: name, state, and what the eye reads behind it. */
export function speakProcess(
  process: ProcessSnapshot,
  nowMs: number,
  numbers: readonly string[] = [],
): string {
  const word = stateWord(process.state);
  const detail = describeProcess(process, nowMs, numbers);
  // Some details begin with the state themselves: "failed: exit code 1".
  const said = detail.startsWith(word) ? [detail] : [word, detail];
  return [process.name, ...said.filter((part) => part !== '')].join(', ').replaceAll(' · ', ', ');
}
