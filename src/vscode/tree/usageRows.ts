import * as vscode from 'vscode';
import type { Usage, UsageDetails, UsageMonitor } from '../../monitor/usage.ts';
import { cpuText, memoryText } from '../../monitor/usageWords.ts';

/** More than these would hide the rest. */
const maxPids = 8;

/** What a process uses, for the table of its tooltip; with what is only looked up when asked for. */
export async function usageRows(
  monitor: UsageMonitor | undefined,
  name: string,
): Promise<[string, string][]> {
  const details = await monitor?.details(name);
  // Not before: it may have ended meanwhile.
  const usage = monitor?.of(name);
  return usage === undefined ? [] : rowsOf(usage, details ?? {});
}

function rowsOf(usage: Usage, details: UsageDetails): [string, string][] {
  const { cpuPercent, memoryBytes, pids, threads } = usage;
  const { openFiles, connections, ioReadBytes, ioWriteBytes } = details;
  const found: [string, string | undefined][] = [
    [vscode.l10n.t('CPU'), cpuPercent === undefined ? undefined : cpuText(cpuPercent)],
    [vscode.l10n.t('Memory'), memoryText(memoryBytes)],
    [vscode.l10n.t('Processes'), pids.length > 1 ? pidsText(pids) : undefined],
    [vscode.l10n.t('Threads'), threads?.toString()],
    [vscode.l10n.t('Open files'), openFiles?.toString()],
    [vscode.l10n.t('Connections'), connections?.toString()],
    [
      vscode.l10n.t('Storage'),
      ioReadBytes === undefined || ioWriteBytes === undefined
        ? undefined
        : vscode.l10n.t('{0} read, {1} written', memoryText(ioReadBytes), memoryText(ioWriteBytes)),
    ],
  ];
  return found.filter((row): row is [string, string] => row[1] !== undefined);
}

function pidsText(pids: readonly number[]): string {
  const shown = pids.slice(0, maxPids).join(', ');
  return `${pids.length} (${shown}${pids.length > maxPids ? ', …' : ''})`;
}
