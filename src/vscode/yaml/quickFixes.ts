import * as vscode from 'vscode';
import type { ConfigDiagnostic } from '../../config/model.ts';
import { diagnosticSource } from '../ids.ts';
import type { ConfigDocuments } from './configDocuments.ts';
import { toRange } from './ranges.ts';

/** Offers to write what was probably meant. */
export class QuickFixes implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };

  readonly #documents: ConfigDocuments;

  constructor(documents: ConfigDocuments) {
    this.#documents = documents;
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const result = await this.#documents.analyse(document);
    const found = result?.diagnostics.filter(
      (diagnostic) => toRange(diagnostic.range).intersection(range) !== undefined,
    );
    return (found ?? []).flatMap((diagnostic) => fixes(document, diagnostic, context));
  }
}

function fixes(
  document: vscode.TextDocument,
  found: ConfigDiagnostic,
  context: vscode.CodeActionContext,
): vscode.CodeAction[] {
  if (found.suggestion === undefined) return [];
  const range = toRange(found.range);
  const title = vscode.l10n.t('Change to "{0}"', found.suggestion);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, range, found.suggestion);
  action.isPreferred = true;
  action.diagnostics = context.diagnostics.filter(
    (shown) => shown.source === diagnosticSource && shown.range.isEqual(range),
  );
  return [action];
}
