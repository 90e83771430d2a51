import * as vscode from 'vscode';

const scheme = 'dev-env-dimmed';

/** Gives the label of a tree item the colour of what is switched off. */
export function dimmedUri(id: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: '/', query: id });
}

/** Tree items have no colour of their own: a decoration of the file they seem to stand for has. */
export function registerDimming(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration: (uri) =>
      uri.scheme === scheme
        ? new vscode.FileDecoration(
            undefined,
            undefined,
            new vscode.ThemeColor('disabledForeground'),
          )
        : undefined,
  });
}
