import * as vscode from 'vscode';
import type { ProcessSnapshot, StateName } from '../../controller/snapshot.ts';
import { isUnhealthy } from '../processFacts.ts';

interface Icon {
  readonly id: string;
  readonly color: string | undefined;
}

/** Every state has its own shape, so that it can be told without colours. */
const icons: Readonly<Record<StateName, Icon>> = {
  stopped: { id: 'circle-outline', color: 'disabledForeground' },
  waiting: { id: 'issue-draft', color: 'charts.yellow' },
  starting: { id: 'loading~spin', color: 'charts.blue' },
  running: { id: 'pass-filled', color: 'testing.iconPassed' },
  stopping: { id: 'sync~spin', color: 'problemsWarningIcon.foreground' },
  backoff: { id: 'history', color: 'problemsWarningIcon.foreground' },
  completed: { id: 'check', color: 'testing.iconPassed' },
  failed: { id: 'error', color: 'testing.iconFailed' },
};

/** It runs, and is not well. */
const unhealthy: Icon = { id: 'warning', color: 'problemsWarningIcon.foreground' };
/** It does not run, and will when its time comes. */
const scheduled: Icon = { id: 'calendar', color: 'charts.blue' };
/** It is not started with the others. */
const leftOut: Icon = { id: 'circle-slash', color: 'disabledForeground' };

function iconOf(process: ProcessSnapshot): Icon {
  const { state, nextScheduledAtMs, isInActiveProfiles } = process;
  if (isUnhealthy(process)) return unhealthy;
  if (state !== 'stopped') return icons[state];
  if (nextScheduledAtMs !== undefined) return scheduled;
  return isInActiveProfiles ? icons.stopped : leftOut;
}

export function processIcon(process: ProcessSnapshot): vscode.ThemeIcon {
  const { id, color } = iconOf(process);
  return new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
}

/** The icon within Markdown and labels: `$(pass-filled)`. */
export function iconText(process: ProcessSnapshot): string {
  return `$(${iconOf(process).id})`;
}
