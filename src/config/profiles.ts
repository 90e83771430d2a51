import * as l10n from '@vscode/l10n';
import type { Diagnostics } from './diagnostics.ts';
import type { ProcessEntry } from './processEntry.ts';
import { withSuggestion } from './schemaCheck.ts';
import type { YamlTree } from './yamlTree.ts';

/** Warns of profiles in `default_profiles` that no process names: they would change nothing. */
export function checkProfiles(
  written: readonly string[],
  entries: readonly ProcessEntry[],
  tree: YamlTree,
  diagnostics: Diagnostics,
): void {
  const known = new Set(entries.flatMap(({ raw }) => raw.profiles ?? []));
  for (const [at, profile] of written.entries()) {
    if (known.has(profile)) continue;
    const meant = diagnostics.closest(profile, known);
    const message = withSuggestion(l10n.t('No process is in a profile "{0}".', profile), meant);
    const range = tree.nearest(['default_profiles', at]).value;
    diagnostics.warning('unknown-profile', message, range, meant);
  }
}
