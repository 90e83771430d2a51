import * as l10n from '@vscode/l10n';
import { isAlias, isCollection, isPair, isScalar, type Node } from 'yaml';
import type { Diagnostics } from './diagnostics.ts';
import type { SourceText } from './sourceText.ts';

/**
 * What each alias stands for: the last node before it that carries its anchor. One walk in the
 * order of the text with a stack of its own, where the library's `Alias.resolve` walks the whole
 * document for each alias, and recursively. An alias without an anchor is reported.
 */
export function resolveAliases(
  root: Node,
  source: SourceText,
  diagnostics: Diagnostics,
): { readonly targets: ReadonlyMap<Node, Node>; readonly isComplete: boolean } {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  let isComplete = true;
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (isPair(node)) {
      open.push(node.value, node.key);
    } else if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) {
        targets.set(node, target);
      } else {
        isComplete = false;
        const [start, end] = node.range ?? [0, 0];
        const message = l10n.t('There is no anchor "&{0}" before this.', node.source);
        diagnostics.error('syntax', message, source.trimmedRange(start, end));
      }
    } else {
      if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) {
        anchors.set(node.anchor, node);
      }
      if (isCollection(node)) {
        for (let at = node.items.length - 1; at >= 0; at--) open.push(node.items[at]);
      }
    }
  }
  return { targets, isComplete };
}
