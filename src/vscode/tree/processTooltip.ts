import * as vscode from 'vscode';
import type { Explanation } from '../../controller/explain.ts';
import type { ProcessSnapshot } from '../../controller/snapshot.ts';
import { limitText, meansText } from '../../process/limits/limitWords.ts';
import { escapeMarkdown, markdownWith } from '../markdown.ts';
import { conditionWord, describeProcess, formatTime, lastExitText, stateWord } from '../words.ts';
import { restartCountsText } from '../restartWords.ts';
import { iconText } from './processIcon.ts';

/** Lines of output below a failure. */
const shownLines = 5;

/** Everything there is to know of a process, for the hover over its item. */
export function processTooltip(
  process: ProcessSnapshot,
  nowMs: number,
  uses: readonly [string, string][] = [],
  explanation?: Explanation,
): vscode.MarkdownString {
  const markdown = markdownWith([]);
  const word = stateWord(process.state);
  markdown.appendMarkdown(`**${escapeMarkdown(process.name)}** — ${iconText(process)} ${word}\n\n`);
  const detail = describeProcess(process, nowMs);
  if (detail !== '' && detail !== word) markdown.appendMarkdown(`${escapeMarkdown(detail)}\n\n`);
  if (process.description !== undefined) {
    markdown.appendMarkdown(`${escapeMarkdown(process.description)}\n\n`);
  }
  for (const { name, summary } of explanation?.because ?? []) {
    markdown.appendMarkdown(`- **${escapeMarkdown(name)}**: ${escapeMarkdown(summary)}\n`);
  }
  if (process.state === 'failed' && explanation !== undefined && explanation.output.length > 0) {
    markdown.appendCodeblock(explanation.output.slice(-shownLines).join('\n'), 'text');
  }
  markdown.appendMarkdown(`\n\n`);
  // What has to be scrolled to is what one asks for least.
  if (process.commandLine !== '') markdown.appendCodeblock(process.commandLine, 'sh');
  markdown.appendMarkdown(`\n${table([...uses, ...rows(process)])}`);
  return markdown;
}

function rows(process: ProcessSnapshot): [string, string][] {
  const found: [string, string | undefined][] = [
    [vscode.l10n.t('PID'), process.pid?.toString()],
    [vscode.l10n.t('URL'), process.url === undefined ? undefined : linkTo(process.url)],
    [vscode.l10n.t('Run'), runText(process)],
    [vscode.l10n.t('Health'), escaped(healthText(process))],
    [vscode.l10n.t('Restarts'), escaped(restartCountsText(process.restartCounts))],
    [vscode.l10n.t('Last exit'), escaped(lastExitText(process))],
    [vscode.l10n.t('Limits'), limitsText(process)],
    [vscode.l10n.t('Note'), escaped(process.warnings.join(' ') || undefined)],
    [vscode.l10n.t('Groups'), escaped(process.groups.join(', ') || undefined)],
    [vscode.l10n.t('Profiles'), escaped(process.profiles.join(', ') || undefined)],
    [vscode.l10n.t('Depends on'), escaped(dependencies(process))],
    [vscode.l10n.t('Needed by'), escaped(process.dependents.join(', ') || undefined)],
    [vscode.l10n.t('Directory'), escaped(process.workdir)],
  ];
  return found.filter((row): row is [string, string] => row[1] !== undefined);
}

function table(lines: readonly [string, string][]): string {
  const body = lines.map(([name, value]) => `| ${name} | ${value} |`).join('\n');
  return `| | |\n|:--|:--|\n${body}\n\n`;
}

function runText(process: ProcessSnapshot): string | undefined {
  if (process.run === 0) return undefined;
  return process.startedAtMs === undefined
    ? String(process.run)
    : vscode.l10n.t('{0}, started {1}', process.run, formatTime(process.startedAtMs));
}

function healthText({ health, healthReason }: ProcessSnapshot): string | undefined {
  switch (health) {
    case undefined:
      return undefined;
    case 'unknown':
      return vscode.l10n.t('not known yet');
    case 'healthy':
      return vscode.l10n.t('healthy');
    case 'unhealthy':
      return healthReason ?? vscode.l10n.t('unhealthy');
  }
}

/** Each with what makes it hold: a limit that is only looked at now and then is another one. */
function limitsText({ limits }: ProcessSnapshot): string | undefined {
  if (limits.length === 0) return undefined;
  return limits
    .map(({ limit, value, means, isExceeded }) => {
      const text = `${limitText(limit, value)}: ${meansText(means)}`;
      return escapeMarkdown(isExceeded ? vscode.l10n.t('{0} — exceeded', text) : text);
    })
    .join('; ');
}

function dependencies(process: ProcessSnapshot): string | undefined {
  if (process.dependsOn.length === 0) return undefined;
  return process.dependsOn
    .map(({ name, condition }) => `${name} (${conditionWord(condition)})`)
    .join(', ');
}

function escaped(text: string | undefined): string | undefined {
  return text === undefined ? undefined : escapeMarkdown(text);
}

function linkTo(url: string): string {
  return `[${escapeMarkdown(url)}](${encodeURI(url)})`;
}
