import type * as z from 'zod/mini';
import type { Expectation } from './schemaParts.ts';
import type { ValuePath } from './yamlTree.ts';

/** What the schema has against a value, reduced to what the loader tells people. */
export type SchemaIssue =
  | { readonly kind: 'unknown-key'; readonly path: ValuePath; readonly key: string }
  | { readonly kind: 'bad-key'; readonly path: ValuePath; readonly expectation: Expectation }
  | {
      readonly kind: 'bad-value';
      readonly path: ValuePath;
      readonly expectation: Expectation;
      /** The words that would be right, if it is a choice of words. */
      readonly choices: readonly string[];
    };

/** The issues of zod as a flat list with whole paths. */
export function* flatten(
  issues: readonly z.core.$ZodIssue[],
  prefix: ValuePath = [],
): Iterable<SchemaIssue> {
  for (const issue of issues) yield* flattenOne(issue, [...prefix, ...(issue.path as ValuePath)]);
}

function* flattenOne(issue: z.core.$ZodIssue, path: ValuePath): Iterable<SchemaIssue> {
  // The schema gives each of its parts an expectation as its message.
  const expectation = issue.message as Expectation;
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) yield { kind: 'unknown-key', path, key };
      return;
    case 'invalid_key':
      yield {
        kind: 'bad-key',
        path,
        expectation: (issue.issues[0]?.message ?? issue.message) as Expectation,
      };
      return;
    case 'invalid_union': {
      const branch = meantBranch(issue.errors);
      if (branch !== undefined) yield* flatten(branch, path);
      else yield { kind: 'bad-value', path, expectation, choices: choicesIn(issue.errors.flat()) };
      return;
    }
    default:
      yield { kind: 'bad-value', path, expectation, choices: choicesIn([issue]) };
  }
}

/** The branch of a union whose type the value has, so that what is wrong is inside it. */
function meantBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  return branches.find(
    (issues) =>
      issues.length > 0 &&
      issues.every(
        (issue) =>
          issue.path.length > 0 ||
          (issue.code !== 'invalid_type' &&
            issue.code !== 'invalid_value' &&
            !(issue.code === 'invalid_union' && meantBranch(issue.errors) === undefined)),
      ),
  );
}

function choicesIn(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap((issue) =>
    issue.code === 'invalid_value' ? issue.values.map((value) => String(value)) : [],
  );
}
