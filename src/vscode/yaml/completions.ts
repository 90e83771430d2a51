import * as vscode from 'vscode';
import { choicesAt, fieldsAt } from '../../config/schemaFields.ts';
import type { ConfigDocuments, DocumentResult } from './configDocuments.ts';
import { type CursorPlace, cursorPlace } from './cursorPath.ts';
import { fieldMarkdown } from './fieldMarkdown.ts';
import { touches } from './ranges.ts';

/** Proposes fields, choices, and the names of processes where one depends on others. */
export class Completions implements vscode.CompletionItemProvider {
  readonly #documents: ConfigDocuments;

  constructor(documents: ConfigDocuments) {
    this.#documents = documents;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const result = await this.#documents.analyse(document);
    if (result === undefined) return [];
    const place = cursorPlace(linesOf(document), position.line, position.character);
    return [...fieldItems(place), ...choiceItems(place), ...processItems(place, result, position)];
  }
}

export function linesOf(document: vscode.TextDocument): string[] {
  return document.getText().split(/\r?\n/);
}

function fieldItems(place: CursorPlace): vscode.CompletionItem[] {
  if (!place.canBeKey) return [];
  return fieldsAt(place.path)
    .filter(({ key }) => !place.siblings.has(key))
    .map(({ key, docs }, index) => {
      const item = new vscode.CompletionItem(key, vscode.CompletionItemKind.Property);
      item.insertText = `${key}: `;
      // In the order of the schema, which goes from what is always needed to what is not.
      item.sortText = String(index).padStart(3, '0');
      if (docs?.typeText !== undefined) item.detail = docs.typeText.replaceAll('`', '');
      if (docs !== undefined) item.documentation = fieldMarkdown(docs);
      return item;
    });
}

function choiceItems(place: CursorPlace): vscode.CompletionItem[] {
  if (!place.canBeValue) return [];
  return choicesAt(place.path).map(
    (choice) => new vscode.CompletionItem(choice, vscode.CompletionItemKind.EnumMember),
  );
}

/** Under `depends_on`: items of its list, or keys of its map. Nothing depends on itself. */
function processItems(
  place: CursorPlace,
  { index, processNames }: DocumentResult,
  position: vscode.Position,
): vscode.CompletionItem[] {
  const at = place.path.lastIndexOf('depends_on');
  const isItem = at !== -1 && at === place.path.length - 2 && place.path.at(-1) === 0;
  const isKey = at !== -1 && at === place.path.length - 1 && place.canBeKey;
  if (!isItem && !isKey) return [];
  return processNames
    .filter((name) => {
      const own = index.processes.get(name);
      return !place.siblings.has(name) && !(own && touches(own.entryRange, position));
    })
    .map((name) => {
      const item = new vscode.CompletionItem(name, vscode.CompletionItemKind.Reference);
      if (isKey) item.insertText = `${name}: `;
      return item;
    });
}
