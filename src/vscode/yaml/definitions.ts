import * as vscode from 'vscode';
import type { ConfigDocuments } from './configDocuments.ts';
import { toRange, touches } from './ranges.ts';

/** From a name under `depends_on` to the process it names, and from a process to who names it. */
export class Definitions implements vscode.DefinitionProvider, vscode.ReferenceProvider {
  readonly #documents: ConfigDocuments;

  constructor(documents: ConfigDocuments) {
    this.#documents = documents;
  }

  async provideDefinition(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.LocationLink[]> {
    const index = (await this.#documents.analyse(document))?.index;
    const reference = index?.references.find(({ range }) => touches(range, position));
    const target = reference && index?.processes.get(reference.name);
    if (reference === undefined || target === undefined) return [];
    return [
      {
        originSelectionRange: toRange(reference.range),
        targetUri: document.uri,
        targetRange: toRange(target.entryRange),
        targetSelectionRange: toRange(target.nameRange),
      },
    ];
  }

  async provideReferences(
    document: vscode.TextDocument,
    position: vscode.Position,
    context: vscode.ReferenceContext,
  ): Promise<vscode.Location[]> {
    const index = (await this.#documents.analyse(document))?.index;
    if (index === undefined) return [];
    const name =
      index.references.find(({ range }) => touches(range, position))?.name ??
      [...index.processes].find(([, { nameRange }]) => touches(nameRange, position))?.[0];
    const ranges = index.references
      .filter((reference) => reference.name === name)
      .map(({ range }) => range);
    const declared = name === undefined ? undefined : index.processes.get(name);
    if (context.includeDeclaration && declared !== undefined) ranges.unshift(declared.nameRange);
    return ranges.map((range) => new vscode.Location(document.uri, toRange(range)));
  }
}
