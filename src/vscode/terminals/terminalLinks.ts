import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as vscode from 'vscode';
import { type FileLink, findFileLinks } from './fileLinks.ts';

class PlaceLink extends vscode.TerminalLink {
  readonly file: string;
  readonly place: FileLink;

  constructor(file: string, place: FileLink) {
    super(place.start, place.length, vscode.l10n.t('Open file'));
    this.file = file;
    this.place = place;
  }
}

/**
 * Makes places in files links, relative to where the program that names them runs; the editor knows
 * no folder for terminals of extensions. `workdirOf` is given the terminal and the line.
 */
export function registerTerminalLinks(
  workdirOf: (terminal: vscode.Terminal, line: string) => string | undefined,
): vscode.Disposable {
  const provider: vscode.TerminalLinkProvider<PlaceLink> = {
    async provideTerminalLinks({ terminal, line }) {
      const workdir = workdirOf(terminal, line);
      if (workdir === undefined) return [];
      const links = findFileLinks(line).map(async (place): Promise<PlaceLink | undefined> => {
        const file = resolve(workdir, place.path);
        const isFile = await stat(file).then(
          (stats) => stats.isFile(),
          () => false,
        );
        return isFile ? new PlaceLink(file, place) : undefined;
      });
      return (await Promise.all(links)).filter((link) => link !== undefined);
    },
    async handleTerminalLink({ file, place }) {
      const at = new vscode.Position((place.line ?? 1) - 1, Math.max(0, (place.column ?? 1) - 1));
      await vscode.window.showTextDocument(vscode.Uri.file(file), {
        selection: new vscode.Range(at, at),
      });
    },
  };
  return vscode.window.registerTerminalLinkProvider(provider);
}
