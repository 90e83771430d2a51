import * as l10n from '@vscode/l10n';
import { findCycles } from '../graph/dependencyGraph.ts';
import type { ConfigIndex, DependencyReference } from './configIndex.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Dependency, DependencyCondition, SourceRange } from './model.ts';
import type { ProcessEntry } from './processEntry.ts';
import { withSuggestion } from './schemaCheck.ts';
import type { YamlTree } from './yamlTree.ts';

/** The dependencies of every process by name, and reports what is wrong with them. */
export function readDependencies(
  entries: readonly ProcessEntry[],
  index: ConfigIndex,
  tree: YamlTree,
  diagnostics: Diagnostics,
): ReadonlyMap<string, readonly Dependency[]> {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const references = new Map<string, DependencyReference[]>();
  for (const reference of index.references) {
    const known = references.get(reference.from);
    if (known === undefined) references.set(reference.from, [reference]);
    else known.push(reference);
  }
  const result = new Map<string, readonly Dependency[]>();
  for (const entry of entries) {
    const dependencies = new Map<string, Dependency>();
    for (const reference of references.get(entry.name) ?? []) {
      const target = byName.get(reference.name);
      if (!isKnown(reference, index, diagnostics) || target === undefined) continue;
      if (dependencies.has(reference.name)) {
        const message = l10n.t('"{0}" is named twice.', reference.name);
        diagnostics.warning('duplicate-name', message, reference.range);
        continue;
      }
      const condition = readCondition(entry, reference, target, tree, diagnostics);
      const { name } = reference;
      const isFollowed = written(entry, name)?.restart === true;
      dependencies.set(name, { name, condition, ...(isFollowed ? { restart: true } : {}) });
    }
    result.set(entry.name, [...dependencies.values()]);
  }
  checkCycles(result, references, diagnostics);
  return result;
}

function isKnown(
  reference: DependencyReference,
  index: ConfigIndex,
  diagnostics: Diagnostics,
): boolean {
  const { from, name, range } = reference;
  if (name === from) {
    const message = l10n.t('"{0}" can\'t depend on itself.', name);
    diagnostics.error('self-dependency', message, range);
    return false;
  }
  if (index.processes.has(name)) return true;
  if (diagnostics.isFull) return false;
  const others = [...index.processes.keys()].filter((other) => other !== from);
  const meant = diagnostics.closest(name, others);
  const message = withSuggestion(l10n.t('There is no process "{0}".', name), meant);
  diagnostics.error('unknown-dependency', message, range, meant);
  return false;
}

function readCondition(
  entry: ProcessEntry,
  reference: DependencyReference,
  target: ProcessEntry,
  tree: YamlTree,
  diagnostics: Diagnostics,
): DependencyCondition {
  const standard = target.kind === 'task' ? 'completed' : 'ready';
  const condition = written(entry, reference.name)?.condition;
  if (condition === undefined) return standard;
  if (condition !== 'started' && condition !== standard && target.isKindKnown(tree)) {
    const { path } = reference;
    const place = tree.locate([...path, 'condition']) ?? tree.locate(path);
    reportMismatch(target, condition, standard, place?.value ?? reference.range, diagnostics);
  }
  return condition;
}

/** What a map says of the dependency of that name; undefined in a list. */
function written(entry: ProcessEntry, name: string): WrittenDependency | undefined {
  const raw = entry.raw.depends_on;
  if (raw === undefined || Array.isArray(raw)) return undefined;
  const value = (raw as Readonly<Record<string, DependencyCondition | WrittenDependency>>)[name];
  return typeof value === 'object' ? value : { condition: value };
}

interface WrittenDependency {
  readonly condition?: DependencyCondition | undefined;
  readonly restart?: boolean | undefined;
}

function reportMismatch(
  target: ProcessEntry,
  condition: DependencyCondition,
  meant: DependencyCondition,
  range: SourceRange,
  diagnostics: Diagnostics,
): void {
  const message =
    condition === 'completed'
      ? target.kind === 'external'
        ? l10n.t('"{0}" is an external process and never completes.', target.name)
        : l10n.t('"{0}" is a service and never completes.', target.name)
      : l10n.t('"{0}" is a task: it completes, and is never ready.', target.name);
  diagnostics.error('condition-mismatch', withSuggestion(message, meant), range, meant);
}

/** Each cycle is reported where it closes, spelled out from there. */
function checkCycles(
  dependencies: ReadonlyMap<string, readonly Dependency[]>,
  references: ReadonlyMap<string, readonly DependencyReference[]>,
  diagnostics: Diagnostics,
): void {
  const nodes = [...dependencies].map(([name, dependsOn]) => ({ name, dependsOn }));
  for (const cycle of findCycles(nodes)) {
    const [first = '', last = ''] = [cycle[0], cycle.at(-1)];
    const closing = references.get(last)?.find((reference) => reference.name === first);
    if (closing === undefined) continue;
    const message = l10n.t('Circular dependency: {0}.', spellOut([...cycle, first]));
    diagnostics.error('dependency-cycle', message, closing.range);
  }
}

/** `a → b → a`; of a long one the beginning and the end. */
function spellOut(names: readonly string[]): string {
  const shown = names.length > 20 ? [...names.slice(0, 10), '…', ...names.slice(-9)] : names;
  return shown.join(' → ');
}
