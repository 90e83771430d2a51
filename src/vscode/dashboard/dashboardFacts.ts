import * as vscode from 'vscode';
import type { EnvironmentController, ProcessSnapshot } from '../../controller/snapshot.ts';
import { usageRows } from '../tree/usageRows.ts';
import { formatTime, lastExitText } from '../words.ts';

/** What there is to know of one process, as labels and values. */
export async function dashboardFacts(
  controller: EnvironmentController,
  name: string,
): Promise<readonly (readonly [string, string])[]> {
  const uses = await usageRows(controller.usage, name);
  const process = controller.process(name);
  return process === undefined ? [] : [...factsOf(process), ...uses];
}

function factsOf(process: ProcessSnapshot): (readonly [string, string])[] {
  const { t } = vscode.l10n;
  const { run, startedAtMs, pid, restarts, nextScheduledAtMs } = process;
  const runText =
    startedAtMs === undefined ? String(run) : t('{0}, started {1}', run, formatTime(startedAtMs));
  const found: [string, string | undefined][] = [
    [t('Command'), process.commandLine === '' ? undefined : process.commandLine],
    [t('Directory'), process.workdir],
    [t('URL'), process.url],
    [t('PID'), pid?.toString()],
    [t('Run'), run === 0 ? undefined : runText],
    [t('Restarts'), restarts === 0 ? undefined : String(restarts)],
    [t('Last exit'), lastExitText(process)],
    [t('Next start'), nextScheduledAtMs === undefined ? undefined : formatTime(nextScheduledAtMs)],
  ];
  return found.filter((fact): fact is [string, string] => fact[1] !== undefined);
}
