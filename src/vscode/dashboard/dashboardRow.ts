import * as vscode from 'vscode';
import type { DependencyCondition, ProcessKind } from '../../config/model.ts';
import type { ProcessSnapshot, StateName } from '../../controller/snapshot.ts';
import type { ActionName, DashboardRow } from '../../webview/messages.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import { type Ability, abilities } from '../processFacts.ts';
import { conditionWord, formatDuration, formatTime, stateWord } from '../words.ts';
import type { StateOf } from './feedRows.ts';
import { rowId } from './rowId.ts';

/** What the page shows of a process. */
export function dashboardRow(
  environment: FolderEnvironment,
  process: ProcessSnapshot,
  stateOf: StateOf,
): DashboardRow {
  return {
    id: rowId(environment, process.name),
    folder: environment.folder.uri.toString(),
    name: process.name,
    kind: kindWord(process.kind),
    state: process.state,
    stateWord: stateWord(process.state),
    detail: environment.controller?.mask(detailOf(process)) ?? '',
    isUnhealthy: process.health === 'unhealthy',
    port: process.port,
    url: process.url,
    actions: actionsOf(abilities(process)),
    dependsOn: process.dependsOn.map(({ name, condition }) => ({
      id: rowId(environment, name),
      condition: conditionWord(condition),
      isMet: isMet(stateOf(name), condition),
    })),
  };
}

const actionOf: Readonly<Partial<Record<Ability, ActionName>>> = {
  canStart: 'start',
  canStop: 'stop',
  canRestart: 'restart',
  hasLog: 'log',
  hasUrl: 'open',
};

function actionsOf(able: ReadonlySet<Ability>): ActionName[] {
  const found = [...able].flatMap((ability) => actionOf[ability] ?? []);
  return able.has('isRemoved') ? [...found, 'explain'] : [...found, 'explain', 'define'];
}

/** What is to say beside the state; what it is for when there is nothing else. */
function detailOf(process: ProcessSnapshot): string {
  const { state, reason, nextStartAtMs, lastExit, startedAtMs, statusText, healthReason } = process;
  switch (state) {
    case 'backoff': {
      const at = nextStartAtMs === undefined ? [] : [formatTime(nextStartAtMs)];
      return [...at, ...(reason === undefined ? [] : [reason])].join(' · ');
    }
    case 'completed':
      return lastExit === undefined || startedAtMs === undefined
        ? ''
        : vscode.l10n.t('took {0}', formatDuration(lastExit.atMs - startedAtMs));
    case 'running':
      return healthReason ?? reason ?? statusText ?? process.description ?? '';
    case 'stopped':
      return (process.run === 0 ? undefined : reason) ?? process.description ?? '';
    default:
      return reason ?? '';
  }
}

const afterStart: readonly StateName[] = ['starting', 'running', 'stopping', 'completed'];

function isMet(state: StateName | undefined, condition: DependencyCondition): boolean {
  if (state === undefined) return false;
  switch (condition) {
    case 'started':
      return afterStart.includes(state);
    case 'ready':
      return state === 'running';
    case 'completed':
      return state === 'completed';
  }
}

function kindWord(kind: ProcessKind): string {
  switch (kind) {
    case 'service':
      return vscode.l10n.t('service');
    case 'task':
      return vscode.l10n.t('task');
    case 'external':
      return vscode.l10n.t('external');
  }
}
