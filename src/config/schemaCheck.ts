import * as l10n from '@vscode/l10n';
import type { Diagnostics } from './diagnostics.ts';
import { LIMITS } from './defaults.ts';
import { pruneIssue } from './prune.ts';
import type { RawFile } from './schema.ts';
import type { SchemaIssue } from './schemaIssues.ts';
import { knownKeys } from './schemaKeys.ts';
import { issuesOf } from './schemaSlices.ts';
import { expectationWords } from './schemaWords.ts';
import { isWithUnit, unitHint } from './unitHints.ts';
import type { ValuePath, YamlTree } from './yamlTree.ts';

/** Names that other tools use, or that one would guess, for what is called otherwise here. */
const SYNONYMS: Readonly<Record<string, string>> = {
  after: 'depends_on',
  args: 'command',
  cmd: 'command',
  cwd: 'workdir',
  deps: 'depends_on',
  directory: 'workdir',
  environment: 'env',
  kind: 'type',
  needs: 'depends_on',
  readiness: 'ready',
  readiness_probe: 'ready',
  requires: 'depends_on',
  run: 'command',
  services: 'processes',
  working_dir: 'workdir',
  working_directory: 'workdir',
};

/**
 * Checks the form of the file and reports everything the schema has against it. What it returns
 * fits the schema, with the bad parts left out or replaced, so that the other checks can still
 * look at the good ones; undefined if nothing can be made of it, or if so much is wrong that nobody
 * reads what else there is.
 */
export async function checkSchema(
  tree: YamlTree,
  diagnostics: Diagnostics,
): Promise<RawFile | undefined> {
  const root = { file: tree.value };
  let isFirst = true;
  // Leaving a part out can leave its parent incomplete, up to the root, hence the rounds.
  for (let round = 0; round < 5; round++) {
    const issues = await issuesOf(root.file);
    // The tree's own value, not zod's copy: it has no prototypes that odd keys could touch.
    if (issues.length === 0) return root.file as RawFile;
    if (isFirst) for (const issue of issues) report(issue, tree, diagnostics);
    isFirst = false;
    if (issues.length > LIMITS.diagnostics) return undefined;
    for (const issue of issues) pruneIssue(root, issue);
  }
  return undefined;
}

function report(issue: SchemaIssue, tree: YamlTree, diagnostics: Diagnostics): void {
  if (diagnostics.isFull) return;
  const { path } = issue;
  if (issue.kind === 'unknown-key') {
    reportUnknownKey(path, issue.key, tree, diagnostics);
    return;
  }
  const place = tree.locate(path);
  if (issue.kind === 'bad-key') {
    const words = expectationWords(issue.expectation, []);
    const message = l10n.t('"{0}" must be {1}.', String(path.at(-1)), words);
    diagnostics.error('wrong-type', message, place?.key ?? tree.nearest(path).value);
    return;
  }
  if (place === undefined) {
    reportMissing(path, tree, diagnostics);
    return;
  }
  const words = expectationWords(issue.expectation, issue.choices);
  const message = l10n.t('"{0}" must be {1}.', labelOf(path), words);
  const range = tree.firstLine(place.value);
  if (isWithUnit(issue.expectation)) {
    const hint = unitHint(issue.expectation, tree.textAt(path));
    const suffix = hint === undefined ? '' : ` ${l10n.t('Write {0}.', hint)}`;
    diagnostics.error('wrong-unit', message + suffix, range, hint);
    return;
  }
  const written = tree.textAt(path);
  const meant = written === undefined ? undefined : diagnostics.closest(written, issue.choices);
  diagnostics.error('wrong-type', withSuggestion(message, meant), range, meant);
}

function reportUnknownKey(
  path: ValuePath,
  key: string,
  tree: YamlTree,
  diagnostics: Diagnostics,
): void {
  const known = knownKeys(path);
  const range = tree.locate([...path, key])?.key ?? tree.nearest(path).value;
  const meant = meantKey(key, known, diagnostics);
  if (path[0] === 'defaults' && meant !== key && knownKeys(['processes', 0]).includes(key)) {
    const message = l10n.t('"{0}" can\'t have a default; set it in each process.', key);
    diagnostics.error('unknown-key', message, range);
    return;
  }
  const message =
    meant === undefined
      ? l10n.t('There is no field "{0}" here. There are: {1}.', key, known.join(', '))
      : l10n.t('There is no field "{0}" here.', key);
  diagnostics.error('unknown-key', withSuggestion(message, meant), range, meant);
}

/** The key that was probably meant: one that is close, or what a word of other tools is here. */
function meantKey(
  key: string,
  known: readonly string[],
  diagnostics: Diagnostics,
): string | undefined {
  const synonyms = Object.keys(SYNONYMS).filter((word) => known.includes(SYNONYMS[word] ?? ''));
  const found = diagnostics.closest(key, [...known, ...synonyms]);
  return found === undefined || known.includes(found) ? found : SYNONYMS[found];
}

function reportMissing(path: ValuePath, tree: YamlTree, diagnostics: Diagnostics): void {
  const parentPath = path.slice(0, -1);
  const parent = tree.nearest(parentPath);
  const name = tree.locate([...parentPath, 'name'])?.value;
  const range = parent.key ?? name ?? tree.firstLine(parent.value);
  const message = l10n.t('"{0}" is missing.', String(path.at(-1)));
  diagnostics.error('missing-key', message, range);
}

/** The name to call a value by: its key, or that of the list it is in. */
function labelOf(path: ValuePath): string {
  return path.findLast((step) => typeof step === 'string') ?? 'dev-env.yaml';
}

/** Ends a message with the question whether something else was meant. */
export function withSuggestion(message: string, meant: string | undefined): string {
  return meant === undefined ? message : `${message} ${l10n.t('Did you mean "{0}"?', meant)}`;
}
