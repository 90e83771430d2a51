import type { SchemaIssue } from './schemaIssues.ts';
import type { ValuePath } from './yamlTree.ts';

/** A valid name, so that it fits the schema, that nobody gives. */
const PLACEHOLDER_NAME = 'placeholder.for.a.missing.name.';

/** Was this name put in for one that is missing or wrong? */
export function isPlaceholderName(name: string): boolean {
  return name.startsWith(PLACEHOLDER_NAME);
}

type Container = Record<string | number, unknown>;

/**
 * Takes what an issue is about out of `root.file`, or puts in something that fits. Indices in the
 * list of processes stay what they are, so that paths go on leading to the same places.
 */
export function pruneIssue(root: { file: unknown }, issue: SchemaIssue): void {
  const full = issue.kind === 'unknown-key' ? [...issue.path, issue.key] : issue.path;
  const path = upToList(full);
  const parent = valueAt(root, ['file', ...path.slice(0, -1)]);
  const key = path.at(-1);
  if (key === undefined || !isContainer(parent)) {
    if (path.length === 0) root.file = { processes: [] };
    return;
  }
  if (path.length === 1 && key === 'processes') {
    parent[key] = [];
  } else if (path.length === 2 && Array.isArray(parent)) {
    parent[key] = { name: `${PLACEHOLDER_NAME}${key}` };
  } else if (isNameOfProcess(path) && issue.kind !== 'unknown-key') {
    parent[key] = `${PLACEHOLDER_NAME}${path[1] ?? ''}`;
  } else if (Object.hasOwn(parent, key)) {
    Reflect.deleteProperty(parent, key);
  } else if (path.length > 1) {
    // A required key that is not there: the map that lacks it goes.
    pruneIssue(root, { kind: 'bad-key', path: path.slice(0, -1), expectation: 'map' });
  }
}

function isNameOfProcess(path: ValuePath): boolean {
  return path.length === 3 && path[0] === 'processes' && path[2] === 'name';
}

/** The path, cut off before the index into a list that is not the list of processes. */
function upToList(path: ValuePath): ValuePath {
  const at = path.findIndex(
    (step, index) => typeof step === 'number' && !(index === 1 && path[0] === 'processes'),
  );
  return at === -1 ? path : path.slice(0, at);
}

function valueAt(root: object, path: ValuePath): unknown {
  let value: unknown = root;
  for (const step of path) {
    if (!isContainer(value)) return undefined;
    value = value[step];
  }
  return value;
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}
