import { delimiter } from 'node:path';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';

/**
 * Puts `dev-env` on the PATH of the editor's own terminals, and tells it which program runs it:
 * the machine need not have a Node of its own. Only where the workspace is trusted, since the
 * command runs what the workspace says.
 */
export class TerminalCommand implements Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #store = new DisposableStore();

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
    this.#apply();
    this.#store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#apply()));
  }

  dispose(): void {
    this.#store.dispose();
  }

  #apply(): void {
    const { environmentVariableCollection: variables, extensionUri } = this.#context;
    // What an earlier version or a trust that was taken back has left there.
    variables.clear();
    if (!vscode.workspace.isTrusted) return;
    const folder = vscode.Uri.joinPath(extensionUri, 'bin').fsPath;
    variables.description = vscode.l10n.t('Adds the command `dev-env` to the terminal.');
    // Behind everything else: a `dev-env` of the person's own comes first.
    variables.append('PATH', `${delimiter}${folder}`);
    variables.replace('DEV_ENV_NODE', process.execPath);
  }
}
