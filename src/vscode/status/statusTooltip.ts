import * as vscode from 'vscode';
import type { ProcessSnapshot } from '../../controller/snapshot.ts';
import type { ProcessRef, ProcessRow } from '../environments.ts';
import type { CommandId } from '../ids.ts';
import { commandLink, escapeMarkdown, markdownWith } from '../markdown.ts';
import { abilities, isWell } from '../processFacts.ts';
import { iconText } from '../tree/processIcon.ts';
import { describeProcess, formatTime, stateWord } from '../words.ts';

/** More rows than this do not fit on a screen; those that are not well come first. */
const maxRows = 20;

const linked: readonly CommandId[] = [
  'devEnv.startProcess',
  'devEnv.stopProcess',
  'devEnv.restartProcess',
  'devEnv.showLog',
  'devEnv.openUrl',
  'devEnv.startAll',
  'devEnv.stopAll',
  'devEnv.restartAll',
  'devEnv.applyChanges',
  'devEnv.openConfigFile',
];

/** A table of the processes, with links that act on them. */
export function statusTooltip(all: readonly ProcessRow[], nowMs: number): vscode.MarkdownString {
  const markdown = markdownWith(linked);
  const shown = choose(all);
  const lines = shown.map((row) => tableRow(row, nowMs));
  markdown.appendMarkdown(`**Dev Env**\n\n| | | |\n|:--|:--|:--|\n${lines.join('\n')}\n\n`);
  if (shown.length < all.length) {
    markdown.appendMarkdown(`${vscode.l10n.t('and {0} more', all.length - shown.length)}\n\n`);
  }
  markdown.appendMarkdown(actions(all).join(' &nbsp;|&nbsp; '));
  return markdown;
}

/** In the order of the file, unless there are too many: then those that need a look come first. */
function choose(all: readonly ProcessRow[]): readonly ProcessRow[] {
  if (all.length <= maxRows) return all;
  const rank = ({ process }: ProcessRow): number => {
    if (process.state === 'failed') return 0;
    if (process.state === 'stopped') return 3;
    return isWell(process) ? 2 : 1;
  };
  return [...all].sort((a, b) => rank(a) - rank(b)).slice(0, maxRows);
}

function tableRow({ ref, process }: ProcessRow, nowMs: number): string {
  const cells = [
    `${iconText(process)}&nbsp;${escapeMarkdown(process.name)}`,
    escapeMarkdown(stateText(process, nowMs)),
    links(ref, process),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The tooltip is made when something changes, not when it is shown: no length of time in it. */
function stateText(process: ProcessSnapshot, nowMs: number): string {
  const word = stateWord(process.state);
  if (process.state !== 'running') return describeProcess(process, nowMs) || word;
  const parts = process.port === undefined ? [] : [`:${process.port}`];
  const sinceMs = process.readyAtMs ?? process.sinceMs;
  if (sinceMs !== undefined) parts.push(vscode.l10n.t('since {0}', formatTime(sinceMs)));
  return parts.length === 0 ? word : parts.join(' · ');
}

function links(ref: ProcessRef, process: ProcessSnapshot): string {
  const can = abilities(process);
  const target = [{ folder: ref.environment.folder.uri.toString(), name: ref.name }];
  const found: string[] = [];
  const add = (is: boolean, icon: string, command: CommandId): void => {
    if (is) found.push(commandLink(`$(${icon})`, command, target));
  };
  add(can.has('canStart'), 'debug-start', 'devEnv.startProcess');
  add(can.has('canStop'), 'debug-stop', 'devEnv.stopProcess');
  add(can.has('canRestart'), 'debug-restart', 'devEnv.restartProcess');
  add(can.has('hasLog'), 'output', 'devEnv.showLog');
  add(can.has('hasUrl'), 'link-external', 'devEnv.openUrl');
  return found.join('&nbsp;');
}

function actions(all: readonly ProcessRow[]): string[] {
  const some = (is: (process: ProcessSnapshot) => boolean): boolean =>
    all.some(({ process }) => is(process));
  const found: string[] = [];
  const add = (is: boolean, label: string, command: CommandId): void => {
    if (is) found.push(commandLink(label, command, []));
  };
  const changed = some((process) => abilities(process).has('isChanged'));
  add(changed, vscode.l10n.t('Apply Changes'), 'devEnv.applyChanges');
  const canStart = some((process) => abilities(process).has('canStart'));
  add(canStart, vscode.l10n.t('Start All'), 'devEnv.startAll');
  const canStop = some((process) => abilities(process).has('canStop'));
  add(canStop, vscode.l10n.t('Stop All'), 'devEnv.stopAll');
  add(canStop, vscode.l10n.t('Restart All'), 'devEnv.restartAll');
  add(true, vscode.l10n.t('Open File'), 'devEnv.openConfigFile');
  return found;
}
