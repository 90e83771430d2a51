import * as vscode from 'vscode';
import { findLeftovers, type FoundRun, stopFoundRun } from '../controller/leftovers.ts';

interface RunItem extends vscode.QuickPickItem {
  readonly run?: FoundRun;
}

/** Lists what was left running, of any environment, and stops what a person picks of it. */
export async function showLeftovers(): Promise<void> {
  const { t } = vscode.l10n;
  const runs = await findLeftovers();
  if (runs === undefined) {
    void vscode.window.showInformationMessage(
      t('On this platform it cannot be told which processes were left over.'),
    );
    return;
  }
  if (runs.length === 0) {
    void vscode.window.showInformationMessage(t('There are no left-over processes.'));
    return;
  }
  const picked = await vscode.window.showQuickPick(itemsOf(runs), {
    canPickMany: true,
    title: t('Left-over Processes'),
    placeHolder: t('Pick those that are to be stopped'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  const chosen = (picked ?? []).flatMap(({ run }) => (run === undefined ? [] : [run]));
  if (chosen.length > 0 && (await confirm(chosen))) await stopLeftovers(chosen);
}

/** Stops the runs, all at once; tells what could not be ended. */
export async function stopLeftovers(runs: readonly FoundRun[]): Promise<void> {
  const title = vscode.l10n.t('Stopping left-over processes');
  const results = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title },
    () => Promise.all(runs.map((run) => stopFoundRun(run))),
  );
  const survivors = results.flatMap((result) => result.survivors.map(({ pid }) => pid));
  if (survivors.length === 0) return;
  void vscode.window.showErrorMessage(
    vscode.l10n.t('Not everything could be stopped. PIDs left: {0}', survivors.join(', ')),
  );
}

function itemsOf(runs: readonly FoundRun[]): RunItem[] {
  const { t } = vscode.l10n;
  const group = (label: string, standing: FoundRun['standing']): RunItem[] => {
    const items = runs.filter((run) => run.standing === standing).map(itemOf);
    return items.length === 0
      ? []
      : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
  };
  return [
    ...group(t('Lost: no window knows of them any more'), 'lost'),
    ...group(t('Runs of a closed window: the next one on the folder takes them up'), 'unattended'),
  ];
}

function itemOf(run: FoundRun): RunItem {
  return {
    label: run.processName ?? '?',
    description: `${placeOf(run)} · PID ${run.pids.join(', ')}`,
    detail: run.command ?? '',
    run,
  };
}

function placeOf({ folder, stateFolder }: FoundRun): string {
  return folder ?? stateFolder ?? vscode.l10n.t('(its folder is not known)');
}

async function confirm(runs: readonly FoundRun[]): Promise<boolean> {
  const stop = vscode.l10n.t('Stop');
  const detail = runs
    .map((run) => `${run.processName ?? '?'} · ${placeOf(run)}\n${run.command ?? ''}`)
    .join('\n\n');
  const choice = await vscode.window.showWarningMessage(
    runs.length === 1
      ? vscode.l10n.t('Stop this left-over process?')
      : vscode.l10n.t('Stop these {0} left-over processes?', runs.length),
    { modal: true, detail },
    stop,
  );
  return choice === stop;
}
