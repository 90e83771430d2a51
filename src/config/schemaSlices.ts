import { LIMITS } from './defaults.ts';
import { fileSchema } from './schema.ts';
import { flatten, type SchemaIssue } from './schemaIssues.ts';
import { groupsOf, nextTurn, SLICE } from './slices.ts';

/**
 * What the schema has against a file, of which the processes are looked at in groups, with a turn of
 * the event loop between them. Ends soon after there are more issues than are shown.
 */
export async function issuesOf(file: unknown): Promise<SchemaIssue[]> {
  const found: SchemaIssue[] = [];
  for (const { value, shift } of partsOf(file)) {
    if (found.length > LIMITS.diagnostics) break;
    if (found.length > 0 || shift > 0) await nextTurn();
    const { error } = fileSchema.safeParse(value);
    for (const issue of flatten(error?.issues ?? [])) found.push(shifted(issue, shift));
  }
  return found;
}

/** A file with some of the processes; `shift` is how many of their list are before them. */
interface Part {
  readonly value: unknown;
  readonly shift: number;
}

function* partsOf(file: unknown): Iterable<Part> {
  const processes = isMap(file) ? file['processes'] : undefined;
  if (!isMap(file) || typeof processes !== 'object' || processes === null) {
    yield { value: file, shift: 0 };
    return;
  }
  // Without prototypes, like the values of the tree.
  yield { value: Object.assign(Object.create(null), file, { processes: [] }), shift: 0 };
  if (Array.isArray(processes)) {
    let shift = 0;
    for (const group of groupsOf(processes as readonly unknown[], SLICE.processes)) {
      yield { value: { processes: group }, shift };
      shift += group.length;
    }
    return;
  }
  for (const group of groupsOf(Object.entries(processes), SLICE.processes)) {
    const some = Object.create(null) as Record<string, unknown>;
    for (const [name, entry] of group) some[name] = entry;
    yield { value: { processes: some }, shift: 0 };
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shifted(issue: SchemaIssue, shift: number): SchemaIssue {
  const [first, at, ...rest] = issue.path;
  if (shift === 0 || first !== 'processes' || typeof at !== 'number') return issue;
  return { ...issue, path: [first, at + shift, ...rest] };
}
