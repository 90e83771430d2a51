import * as vscode from 'vscode';
import type { EnvironmentController, ProcessSnapshot } from '../../controller/snapshot.ts';
import type { ProcessDetails } from '../../webview/dashboardModel.ts';
import { usageRows } from '../tree/usageRows.ts';
import { formatTime, lastExitText } from '../words.ts';

/** The log has the rest. */
const maxLines = 12;

/** Why a process is as it is, what there is to know of it, and the end of its output. */
export async function processDetails(
  controller: EnvironmentController,
  name: string,
): Promise<ProcessDetails> {
  const [uses, explanation] = await Promise.all([
    usageRows(controller.usage, name),
    controller.explain(name),
  ]);
  const process = controller.process(name);
  if (process === undefined || explanation === undefined) return { why: [], facts: [], output: [] };
  const mask = (text: string): string => controller.mask(text);
  const { summary, because, output } = explanation;
  return {
    why: [summary, ...because.map((one) => `${one.name}: ${one.summary}`)].map(mask),
    facts: [...factsOf(process), ...uses].map(([label, value]) => [label, mask(value)]),
    output: output.slice(-maxLines).map(mask),
  };
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
