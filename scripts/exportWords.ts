import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

import { repositoryRoot } from './host/paths.ts';

/** Writes `l10n/bundle.l10n.json`: every word that the code shows to people, for translators. */

export const bundlePath = join(repositoryRoot, 'l10n', 'bundle.l10n.json');

/** The file as it has to be. */
export async function renderBundle(): Promise<string> {
  const words = new Set<string>();
  for await (const path of glob('src/**/*.ts', { cwd: repositoryRoot })) {
    const text = await readFile(join(repositoryRoot, path), 'utf8');
    for (const word of wordsOf(ts.createSourceFile(path, text, ts.ScriptTarget.ESNext))) {
      words.add(word);
    }
  }
  const sorted = [...words].sort((a, b) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted.map((word) => [word, word])), null, 2)}\n`;
}

/** The first arguments of `l10n.t(…)`, `vscode.l10n.t(…)`, and `t(…)` taken from one of them. */
function wordsOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTranslation(node.expression)) {
      const [word] = node.arguments;
      if (word === undefined || !ts.isStringLiteralLike(word)) {
        throw new Error(`${source.fileName}: words to translate have to be written out.`);
      }
      found.push(word.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTranslation(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 't';
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 't') return false;
  const { expression } = callee;
  return ts.isIdentifier(expression)
    ? expression.text === 'l10n'
    : ts.isPropertyAccessExpression(expression) && expression.name.text === 'l10n';
}

if (import.meta.main) await writeFile(bundlePath, await renderBundle());
