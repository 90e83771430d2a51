import * as vscode from 'vscode';
import { orTell } from './orTell.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import type { Environments, InFolder } from './environments.ts';
import type { FolderEnvironment, ModelEvent } from './folderEnvironment.ts';
import { isActive } from './processFacts.ts';

/** After a save: offers to restart what runs with an old definition, and to stop what was removed. */
export class Changes implements Disposable {
  readonly #store = new DisposableStore();
  /** What was offered last for each folder: saving again does not repeat the same offer. */
  readonly #offered = new Map<FolderEnvironment, string>();

  constructor(environments: Environments) {
    this.#store.add(environments.onDidTakeModel((event) => this.#onModel(event)));
    this.#store.add(environments.onDidRemove((environment) => this.#offered.delete(environment)));
    this.#store.add(
      environments.onDidChange(({ environment }) => {
        if (!this.#offered.has(environment)) return;
        if (changedNames(environment).length === 0) this.#offered.delete(environment);
      }),
    );
  }

  dispose(): void {
    this.#store.dispose();
  }

  #onModel({ environment, event }: InFolder<ModelEvent>): void {
    const changed = changedNames(environment);
    const key = JSON.stringify([changed, event.change.changed]);
    if (changed.length > 0 && this.#offered.get(environment) !== key) {
      this.#offered.set(environment, key);
      orTell(offerApply(environment, changed));
    }
    const removed = runningRemoved(environment).filter((name) =>
      event.change.removed.includes(name),
    );
    if (removed.length > 0) orTell(offerStop(environment, removed));
  }
}

function changedNames({ controller }: FolderEnvironment): string[] {
  return (controller?.processes() ?? [])
    .filter((process) => process.hasPendingChange && !process.isRemoved)
    .map((process) => process.name);
}

function runningRemoved({ controller }: FolderEnvironment): string[] {
  return (controller?.processes() ?? [])
    .filter((process) => process.isRemoved && isActive(process))
    .map((process) => process.name);
}

async function offerApply(environment: FolderEnvironment, names: readonly string[]): Promise<void> {
  const apply = vscode.l10n.t('Apply: restart {0}', names.join(', '));
  const choice = await vscode.window.showInformationMessage(
    names.length === 1
      ? vscode.l10n.t('The definition of {0} has changed.', names.join(', '))
      : vscode.l10n.t('The definitions of {0} have changed.', names.join(', ')),
    apply,
  );
  if (choice !== apply) return;
  // Exactly what was offered, less what has been restarted or changed back since.
  const still = new Set(changedNames(environment));
  await environment.controller?.restart(names.filter((name) => still.has(name)));
}

/** Not modal: a save must not take the keyboard away from who is typing. */
async function offerStop(environment: FolderEnvironment, names: readonly string[]): Promise<void> {
  const list = names.join(', ');
  const stop = vscode.l10n.t('Stop {0}', list);
  const choice = await vscode.window.showWarningMessage(
    names.length === 1
      ? vscode.l10n.t('{0} was removed from the file and still runs.', list)
      : vscode.l10n.t('{0} were removed from the file and still run.', list),
    stop,
    vscode.l10n.t('Keep Running'),
  );
  if (choice === stop) await environment.controller?.stopRemoved();
}
