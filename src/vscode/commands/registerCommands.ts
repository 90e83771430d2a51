import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { errorMessage } from '../../base/errors.ts';
import { type CommandId, commandIds } from '../ids.ts';

/** What a command does. Arguments come from anywhere: a tree item, a link, another extension. */
export type CommandHandler = (...args: readonly unknown[]) => unknown;

/** Every command has a handler, and no handler lacks a command: the compiler sees to it. */
export type CommandHandlers = Readonly<Record<CommandId, CommandHandler>>;

export function registerCommands(
  handlers: CommandHandlers,
  log: vscode.LogOutputChannel,
): Disposable {
  const store = new DisposableStore();
  for (const id of commandIds) {
    const run = async (...args: unknown[]): Promise<unknown> => {
      try {
        return await handlers[id](...args);
      } catch (error) {
        log.error(`${id}: ${errorMessage(error)}`);
        // Not awaited: whoever called the command need not wait for a person to read.
        void vscode.window.showErrorMessage(errorMessage(error));
        return undefined;
      }
    };
    store.add(vscode.commands.registerCommand(id, run));
  }
  return store;
}

/**
 * Nothing is spawned in an untrusted workspace on any path, hidden commands included. Tells the
 * person when that is why nothing happens.
 */
export function isTrustedOrTell(): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  void vscode.window
    .showWarningMessage(
      vscode.l10n.t('Dev Env runs the commands of a workspace only when the workspace is trusted.'),
      manage,
    )
    .then((choice) => {
      if (choice === manage) void vscode.commands.executeCommand('workbench.trust.manage');
    });
  return false;
}
