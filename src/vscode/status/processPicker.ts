import * as vscode from 'vscode';
import type { Environments, ProcessRef } from '../environments.ts';
import type { CommandId } from '../ids.ts';
import type { Overview } from '../overview.ts';
import { type Ability, abilities } from '../processFacts.ts';
import { processQuickPickItem } from './processQuickPickItem.ts';

interface Choice {
  readonly label: string;
  readonly icon: string;
  readonly command: CommandId;
  /** Offered when the process can; always when undefined. */
  readonly needs: Ability | undefined;
}

interface Item extends vscode.QuickPickItem {
  readonly ref?: ProcessRef;
  readonly command?: CommandId;
}

class Button implements vscode.QuickInputButton {
  readonly iconPath: vscode.ThemeIcon;
  readonly tooltip: string;
  readonly command: CommandId;

  constructor({ icon, label, command }: Choice) {
    this.iconPath = new vscode.ThemeIcon(icon);
    this.tooltip = label;
    this.command = command;
  }
}

function processChoices(): Choice[] {
  const { t } = vscode.l10n;
  return [
    { label: t('Start'), icon: 'debug-start', command: 'devEnv.startProcess', needs: 'canStart' },
    { label: t('Stop'), icon: 'debug-stop', command: 'devEnv.stopProcess', needs: 'canStop' },
    {
      label: t('Restart'),
      icon: 'debug-restart',
      command: 'devEnv.restartProcess',
      needs: 'canRestart',
    },
    { label: t('Show Log'), icon: 'output', command: 'devEnv.showLog', needs: 'hasLog' },
    { label: t('Open URL'), icon: 'link-external', command: 'devEnv.openUrl', needs: 'hasUrl' },
  ];
}

function moreProcessChoices(): Choice[] {
  const { t } = vscode.l10n;
  return [
    ...processChoices(),
    {
      label: t('Start Without Dependencies'),
      icon: 'debug-start',
      command: 'devEnv.startProcessWithoutDependencies',
      needs: 'canStart',
    },
    { label: t('Copy PID'), icon: 'copy', command: 'devEnv.copyPid', needs: 'hasPid' },
    { label: t('Copy Command'), icon: 'copy', command: 'devEnv.copyCommand', needs: undefined },
    {
      label: t('Go to Definition'),
      icon: 'go-to-file',
      command: 'devEnv.goToDefinition',
      needs: undefined,
    },
  ];
}

/** All processes and actions in a list that stays true while it is open. */
export function showProcessPicker(environments: Environments, overview: Overview): void {
  const picker = vscode.window.createQuickPick<Item>();
  picker.placeholder = vscode.l10n.t('Choose a process or an action');
  picker.matchOnDescription = true;
  const update = (): void => {
    const [active] = picker.activeItems;
    const items = allItems(environments, overview);
    picker.keepScrollPosition = true;
    picker.items = items;
    const same = items.find((item) => active !== undefined && isSame(item, active));
    if (same !== undefined) picker.activeItems = [same];
  };
  update();
  const changes = overview.onDidChange(update);
  picker.onDidTriggerItemButton(({ button, item }) => {
    if (button instanceof Button && item.ref !== undefined) run(button.command, item.ref);
  });
  picker.onDidAccept(() => {
    const [item] = picker.selectedItems;
    picker.hide();
    if (item?.command !== undefined) void vscode.commands.executeCommand(item.command);
    else if (item?.ref !== undefined) void showActions(item.ref);
  });
  picker.onDidHide(() => {
    changes.dispose();
    picker.dispose();
  });
  picker.show();
}

function allItems(environments: Environments, overview: Overview): Item[] {
  const hasSeveral = environments.live().length > 1;
  const processes = environments.processes().map(({ ref, process }): Item => {
    const can = abilities(process);
    const buttons = processChoices()
      .filter(({ needs }) => needs === undefined || can.has(needs))
      .map((choice) => new Button(choice));
    return { ...processQuickPickItem(ref, process, hasSeveral), buttons };
  });
  const separator = { label: vscode.l10n.t('Actions'), kind: vscode.QuickPickItemKind.Separator };
  return [...processes, separator, ...actionItems(environments, overview)];
}

function actionItems(environments: Environments, overview: Overview): Item[] {
  const { t } = vscode.l10n;
  const some = (ability: Ability): boolean =>
    environments.processes().some(({ process }) => abilities(process).has(ability));
  const names = overview.summary.changedNames;
  const items: (Item | undefined)[] = [
    names.length > 0
      ? {
          label: `$(sync) ${t('Apply Changes')}`,
          description: t('restart {0}', names.join(', ')),
          command: 'devEnv.applyChanges',
        }
      : undefined,
    some('canStart')
      ? { label: `$(run-all) ${t('Start All')}`, command: 'devEnv.startAll' }
      : undefined,
    some('canStop')
      ? { label: `$(debug-stop) ${t('Stop All')}`, command: 'devEnv.stopAll' }
      : undefined,
    some('canStop')
      ? { label: `$(debug-restart) ${t('Restart All')}`, command: 'devEnv.restartAll' }
      : undefined,
    { label: `$(go-to-file) ${t('Open File')}`, command: 'devEnv.openConfigFile' },
  ];
  return items.filter((item) => item !== undefined);
}

/** The actions of one process as a list: item buttons are out of reach for the keyboard. */
async function showActions(ref: ProcessRef): Promise<void> {
  const process = ref.environment.controller?.process(ref.name);
  if (process === undefined) return;
  const can = abilities(process);
  const items = moreProcessChoices()
    .filter(({ needs }) => needs === undefined || can.has(needs))
    .map(({ icon, label, command }) => ({ label: `$(${icon}) ${label}`, command }));
  const picked = await vscode.window.showQuickPick(items, { title: process.name });
  if (picked !== undefined) run(picked.command, ref);
}

function run(command: CommandId, { environment, name }: ProcessRef): void {
  const folder = environment.folder.uri.toString();
  void vscode.commands.executeCommand(command, { folder, name });
}

function isSame(a: Item, b: Item): boolean {
  return a.ref !== undefined && b.ref !== undefined
    ? a.ref.environment === b.ref.environment && a.ref.name === b.ref.name
    : a.command !== undefined && a.command === b.command;
}
