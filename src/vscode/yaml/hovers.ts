import * as vscode from 'vscode';
import type { SourceRange } from '../../config/model.ts';
import { docsAt } from '../../config/schemaFields.ts';
import type { Environments } from '../environments.ts';
import { processTooltip } from '../tree/processTooltip.ts';
import { linesOf } from './completions.ts';
import type { ConfigDocuments, DocumentResult } from './configDocuments.ts';
import { cursorPlace } from './cursorPath.ts';
import { fieldMarkdown } from './fieldMarkdown.ts';
import { toRange, touches } from './ranges.ts';

/** Over a field: what it means. Over the name of a process: how it is. */
export class Hovers implements vscode.HoverProvider {
  readonly #environments: Environments;
  readonly #documents: ConfigDocuments;

  constructor(environments: Environments, documents: ConfigDocuments) {
    this.#environments = environments;
    this.#documents = documents;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const result = await this.#documents.analyse(document);
    if (result === undefined) return undefined;
    const { controller } = this.#environments.ownerOf(document.uri) ?? {};
    const mention = mentions(result).find(({ range }) => touches(range, position));
    const process = mention && controller?.process(mention.name);
    if (mention !== undefined && process !== undefined) {
      return new vscode.Hover(processTooltip(process, Date.now()), toRange(mention.range));
    }
    return fieldHover(document, position);
  }
}

/** Where processes are named: in their own entries, and by those that depend on them. */
function mentions({ index }: DocumentResult): { name: string; range: SourceRange }[] {
  const own = [...index.processes].map(([name, { nameRange }]) => ({ name, range: nameRange }));
  return [...own, ...index.references];
}

function fieldHover(
  document: vscode.TextDocument,
  position: vscode.Position,
): vscode.Hover | undefined {
  const range = document.getWordRangeAtPosition(position, /[A-Za-z_]+(?=\s*:(?:\s|$))/);
  if (range === undefined) return undefined;
  const { path, canBeKey } = cursorPlace(
    linesOf(document),
    range.start.line,
    range.start.character,
  );
  const docs = canBeKey ? docsAt([...path, document.getText(range)]) : undefined;
  return docs === undefined ? undefined : new vscode.Hover(fieldMarkdown(docs), range);
}
