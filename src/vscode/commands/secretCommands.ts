import * as vscode from 'vscode';
import { secretNames } from '../../controller/secretVault.ts';
import type { Environments } from '../environments.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { CommandHandlers } from './registerCommands.ts';

interface SecretItem extends vscode.QuickPickItem {
  readonly folder: vscode.WorkspaceFolder;
  readonly isThere: boolean;
}

/** Commands about the values of `${secret:NAME}`. Names are shown, values never. */
export function secretCommands(
  environments: Environments,
  secrets: Secrets,
): Pick<CommandHandlers, 'devEnv.setSecret' | 'devEnv.removeSecret'> {
  return {
    'devEnv.setSecret': async () => {
      const picked = await pick(await items(), vscode.l10n.t('Set which secret?'));
      if (picked !== undefined) await secrets.change(picked.folder, picked.label);
    },
    'devEnv.removeSecret': async () => {
      const there = (await items()).filter(({ isThere }) => isThere);
      const picked = await pick(there, vscode.l10n.t('Remove which secret?'));
      if (picked !== undefined) await secrets.remove(picked.folder, picked.label);
    },
  };

  /** Those that the files name. */
  function items(): Promise<SecretItem[]> {
    const named = environments.live().flatMap(({ folder, controller }) => {
      const processes = controller?.model.processes ?? [];
      const names = new Set(processes.flatMap(secretNames));
      return [...names].map((name) => ({
        folder,
        name,
        usedBy: processes.filter((process) => secretNames(process).includes(name)),
      }));
    });
    return Promise.all(
      named.map(async ({ folder, name, usedBy }) => {
        const isThere = await secrets.has(folder, name);
        return {
          label: name,
          description: isThere ? vscode.l10n.t('set') : vscode.l10n.t('not set'),
          detail: [folder.name, usedBy.map((process) => process.name).join(', ')].join(': '),
          folder,
          isThere,
        };
      }),
    );
  }
}

async function pick(
  items: readonly SecretItem[],
  placeHolder: string,
): Promise<SecretItem | undefined> {
  if (items.length > 0) return vscode.window.showQuickPick(items, { placeHolder });
  void vscode.window.showInformationMessage(
    vscode.l10n.t('There is no secret this can be done with now.'),
  );
  return undefined;
}
