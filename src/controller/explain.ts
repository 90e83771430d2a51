import * as l10n from '@vscode/l10n';
import type { ProcessSnapshot } from './snapshot.ts';
import type { LoggedTransition } from './transitionLog.ts';

/** Why a process is as it is. Plain data; no output of it holds a secret. */
export interface Explanation {
  readonly name: string;
  /** One sentence on how it is, since when, and why. */
  readonly summary: string;
  /** The same of those it waits for or that took it along, nearest first. */
  readonly because: readonly { readonly name: string; readonly summary: string }[];
  /** What happened to it lately, oldest first; empty where another host runs it. */
  readonly history: readonly LoggedTransition[];
  /** The last lines that its present or last run wrote. */
  readonly output: readonly string[];
}

/** One sentence on a process: "failed at 10:02:11: exit code 1, 5 times in 31 s; …". Pure. */
export function summarize(process: ProcessSnapshot, nowMs: number): string {
  const { state, sinceMs } = process;
  const reason = process.reason ?? '';
  const at = sinceMs === undefined ? '' : timeText(sinceMs);
  const lastedText = durationText(nowMs - (sinceMs ?? nowMs));
  switch (state) {
    case 'stopped':
      if (sinceMs === undefined) return withTriggers(l10n.t('was not started yet'), process);
      return withTriggers(l10n.t('stopped at {0} {1}', at, reason).trim(), process);
    case 'waiting':
      return reason === ''
        ? l10n.t('waiting for {0}', lastedText)
        : l10n.t('{0}, for {1}', reason, lastedText);
    case 'starting':
      return reason === ''
        ? l10n.t('starting for {0}', lastedText)
        : l10n.t('starting for {0}, {1}', lastedText, reason);
    case 'running':
      return withTriggers(runningText(process), process);
    case 'stopping':
      return l10n.t('stopping for {0}, {1}', lastedText, reason).replace(/, $/, '');
    case 'backoff': {
      const { nextStartAtMs } = process;
      const next = nextStartAtMs === undefined ? '?' : timeText(nextStartAtMs);
      return l10n.t('ended at {0}: {1}; is started again at {2}', at, reason, next);
    }
    case 'completed':
      return withTriggers(l10n.t('completed at {0}', at), process);
    case 'failed': {
      const words = l10n.t('failed at {0}: {1}', at, reason);
      const { breakerOpenUntilMs } = process;
      return breakerOpenUntilMs === undefined
        ? withTriggers(words, process)
        : l10n.t('{0}; not started again until {1}', words, timeText(breakerOpenUntilMs));
    }
  }
}

/** Those whose state explains that of `process`: what it waits for, back to where it begins. Pure. */
export function explainedBy(
  process: ProcessSnapshot,
  find: (name: string) => ProcessSnapshot | undefined,
): readonly ProcessSnapshot[] {
  const found = new Map<string, ProcessSnapshot>();
  let edge = [process];
  while (edge.length > 0) {
    const next: ProcessSnapshot[] = [];
    for (const one of edge) {
      if (one.state !== 'waiting' && one.failure !== 'dependency-failed') continue;
      for (const { name, condition } of one.dependsOn) {
        const other = find(name);
        if (other === undefined || name === process.name || found.has(name)) continue;
        if (isMet(other, condition)) continue;
        found.set(name, other);
        next.push(other);
      }
    }
    edge = next;
  }
  return [...found.values()];
}

function isMet({ state }: ProcessSnapshot, condition: string): boolean {
  if (state === 'completed') return true;
  if (condition === 'completed') return false;
  return state === 'running' || (condition === 'started' && state === 'starting');
}

function runningText(process: ProcessSnapshot): string {
  const { kind, startedAtMs, readyAtMs, health, healthReason, reason } = process;
  const since = readyAtMs ?? process.sinceMs;
  const parts = [
    since === undefined ? l10n.t('running') : l10n.t('running since {0}', timeText(since)),
  ];
  if (kind !== 'task' && startedAtMs !== undefined && readyAtMs !== undefined) {
    parts.push(l10n.t('ready after {0}', durationText(readyAtMs - startedAtMs)));
  }
  if (health === 'unhealthy') parts.push(l10n.t('unhealthy: {0}', healthReason ?? '?'));
  if (reason !== undefined) parts.push(reason);
  return parts.join(', ');
}

function withTriggers(words: string, { triggerNote, nextScheduledAtMs }: ProcessSnapshot): string {
  const parts = [words];
  if (triggerNote !== undefined) parts.push(triggerNote);
  if (nextScheduledAtMs !== undefined) {
    parts.push(l10n.t('next by its schedule at {0}', timeText(nextScheduledAtMs)));
  }
  return parts.join('; ');
}

function timeText(atMs: number): string {
  return new Date(atMs).toTimeString().slice(0, 8);
}

/** `0.4 s`, `31 s`, `5 min`. */
export function durationText(ms: number): string {
  if (ms < 10_000) return l10n.t('{0} s', Math.max(0, Math.round(ms / 100) / 10));
  if (ms < 120_000) return l10n.t('{0} s', Math.round(ms / 1000));
  return l10n.t('{0} min', Math.round(ms / 60_000));
}
