import * as vscode from 'vscode';

/** A size as one says it: `300 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return vscode.l10n.t('{0} bytes', bytes);
  if (bytes < 1_000_000) return vscode.l10n.t('{0} KB', Math.round(bytes / 1000));
  return vscode.l10n.t('{0} MB', Math.round(bytes / 100_000) / 10);
}
