import * as vscode from 'vscode';
import type { FieldDocs } from '../../config/schemaParts.ts';

/** What the reference says of a field, for completions and hovers. */
export function fieldMarkdown(docs: FieldDocs): vscode.MarkdownString {
  const { description, typeText, defaultText, examples } = docs;
  const markdown = new vscode.MarkdownString(description ?? '');
  const facts: string[] = [];
  if (typeText !== undefined) facts.push(typeText);
  const fallback = defaultText ?? ('default' in docs ? `\`${toFlow(docs.default)}\`` : undefined);
  if (fallback !== undefined) facts.push(vscode.l10n.t('Default: {0}', fallback));
  if (facts.length > 0) markdown.appendMarkdown(`\n\n${facts.join(' · ')}`);
  for (const example of examples ?? []) markdown.appendCodeblock(toFlow(example), 'yaml');
  return markdown;
}

/** A value as one line of YAML. */
function toFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toFlow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => `${key}: ${toFlow(inner)}`);
    return `{ ${entries.join(', ')} }`;
  }
  return String(value);
}
