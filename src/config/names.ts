import * as l10n from '@vscode/l10n';
import { namedEntries } from './configIndex.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { YamlTree } from './yamlTree.ts';

/**
 * Reports names that are there twice. Names that differ only in case are the same to file systems
 * that know no case, and their log files would be one.
 */
export function checkNames(tree: YamlTree, diagnostics: Diagnostics): void {
  const seen = new Map<string, { name: string; line: number }>();
  for (const { name, place } of namedEntries(tree)) {
    const first = seen.get(name.toLowerCase());
    if (first === undefined) {
      seen.set(name.toLowerCase(), { name, line: place.nameRange.start.line + 1 });
    } else {
      const message =
        first.name === name
          ? l10n.t('There is a process "{0}" already, in line {1}.', name, first.line)
          : l10n.t('This differs from "{0}" in line {1} only in case.', first.name, first.line);
      diagnostics.error('duplicate-name', message, place.nameRange);
    }
  }
}
