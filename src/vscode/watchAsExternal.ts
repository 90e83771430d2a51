import * as vscode from 'vscode';
import { externalEdits, type TextEdit } from '../config/externalEdits.ts';
import type { ProcessRef } from './environments.ts';

/** What would have to be written for the process to be an external; undefined if that can't be. */
async function plan(
  ref: ProcessRef,
): Promise<{ document: vscode.TextDocument; edits: readonly TextEdit[] } | undefined> {
  const { configPath } = ref.environment;
  if (configPath === undefined) return undefined;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(configPath));
  const edits = externalEdits(document.getText(), ref.name);
  return edits === undefined ? undefined : { document, edits };
}

/**
 * Writes into the file that a process is someone else's, who holds its port already: from now on it
 * is watched there. The edit is shown and can be undone in the editor. Words where it can't be made.
 */
export async function watchAsExternal(ref: ProcessRef): Promise<void> {
  const planned = await plan(ref);
  if (planned === undefined) {
    const message = vscode.l10n.t(
      '{0} can\'t be changed automatically. Write "type: external" in place of its command.',
      ref.name,
    );
    void vscode.window.showWarningMessage(message);
    return;
  }
  const { document, edits } = planned;
  const edit = new vscode.WorkspaceEdit();
  for (const { start, end, text } of edits) {
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    edit.replace(document.uri, range, text);
  }
  await vscode.window.showTextDocument(document, { preview: false });
  if (!(await vscode.workspace.applyEdit(edit)) || !(await document.save())) return;
  await ref.environment.reload();
  await ref.environment.controller?.start([ref.name]);
}
