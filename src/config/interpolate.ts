import * as l10n from '@vscode/l10n';
import { LIMITS } from './defaults.ts';
import type { SecretReference } from './model.ts';
import { joined, type Value } from './secretText.ts';
import { closest } from './suggest.ts';
import { parseTemplate, type TemplatePart } from './template.ts';

/** What `${…}` can stand for in one place of the file. */
export interface Variables {
  /** The value of an environment variable; undefined if it is not set. */
  env(name: string): Value | undefined;
  readonly workspaceFolder: string;
  /** The process the place belongs to, for `${port}`; undefined outside of processes. */
  readonly process: string | undefined;
  /** Every process, with its port if it has one. */
  readonly ports: ReadonlyMap<string, number | undefined>;
}

export interface InterpolationProblem {
  readonly code: 'misplaced-secret' | 'too-large' | 'unset-variable' | 'unknown-variable';
  readonly message: string;
  /** Where in the text: half-open offsets. */
  readonly start: number;
  readonly end: number;
  /** What to write in place of it. */
  readonly suggestion?: string;
}

export interface Interpolated {
  readonly value: Value;
  readonly problems: readonly InterpolationProblem[];
}

export interface InterpolationOptions {
  readonly isSecretAllowed?: boolean;
  /** For suggestions; see `suggest.ts`. */
  readonly closest?: (word: string, candidates: Iterable<string>) => string | undefined;
  /** How much may still be filled in, here and elsewhere; counted down. In UTF-16 units. */
  readonly budget?: FillBudget;
}

export interface FillBudget {
  length: number;
}

interface Filling extends Required<InterpolationOptions> {
  readonly variables: Variables;
  readonly problems: InterpolationProblem[];
}

/**
 * Fills in `${NAME}`, `${env:NAME}`, `${NAME:-default}`, `${workspaceFolder}`, `${port}` and
 * `${port:name}`; `$$` is a dollar, and any other `$` stays as it is. The insertion is textual:
 * nothing is quoted for a shell. What can't be filled in becomes nothing and a problem. Where secrets
 * are allowed, `${secret:NAME}` and variables that hold secrets become references. Values that double
 * from line to line end at the budget, and problems at as many as are shown.
 */
export function interpolate(
  text: string,
  variables: Variables,
  options: InterpolationOptions = {},
): Interpolated {
  if (!text.includes('$')) return { value: text, problems: [] };
  const problems: InterpolationProblem[] = [];
  const budget = { length: LIMITS.filledLength };
  const defaults = { isSecretAllowed: false, closest, budget };
  const parts = fill(parseTemplate(text), { ...defaults, ...options, variables, problems });
  return { value: joined(parts), problems };
}

type Parts = (string | SecretReference)[];

function fill(parts: readonly TemplatePart[], filling: Filling): Parts {
  return parts.flatMap((part) => (part.kind === 'text' ? part.text : fillOne(part, filling)));
}

type Placeholder = Exclude<TemplatePart, { kind: 'text' }>;
type Fail = (code: InterpolationProblem['code'], message: string, suggestion?: string) => string;

function fillOne(part: Placeholder, filling: Filling): string | Parts {
  const { variables, isSecretAllowed, problems, budget } = filling;
  if (problems.length >= LIMITS.diagnostics) return '';
  const { start, end } = part;
  const fail: Fail = (code, message, suggestion) => {
    const problem = { code, message, start, end };
    problems.push(suggestion === undefined ? problem : { ...problem, suggestion });
    return '';
  };
  if (budget.length < 0) {
    // Said once; from then on there is no model anyway.
    if (budget.length === Number.NEGATIVE_INFINITY) return '';
    budget.length = Number.NEGATIVE_INFINITY;
    const limit = LIMITS.filledLength;
    return fail('too-large', l10n.t('With its variables the file has more than {0} characters.', limit)); // prettier-ignore
  }
  if (part.kind === 'broken') return fail('unknown-variable', part.message);
  if (part.source === 'env') return fillVariable(part, filling, fail);
  if (part.fallback !== undefined) {
    return fail('unknown-variable', l10n.t('Only environment variables can have a default.'));
  }
  if (part.source !== 'secret') {
    if (part.source === 'workspaceFolder') return spent(variables.workspaceFolder, budget);
    return fillPort(part.name, filling, fail);
  }
  if (isSecretAllowed) return [{ secret: part.name }];
  const message = l10n.t(
    'A secret can only stand in a value of "env". Set a variable there; the program finds it in its environment.',
  );
  return fail('misplaced-secret', message);
}

function spent<T extends string | Parts>(value: T, budget: FillBudget): T {
  for (const part of typeof value === 'string' ? [value] : value) {
    budget.length -= typeof part === 'string' ? part.length : 1;
  }
  return value;
}

function fillVariable(
  { name, fallback }: { name: string; fallback: readonly TemplatePart[] | undefined },
  filling: Filling,
  fail: Fail,
): string | Parts {
  const value = filling.variables.env(name);
  if (typeof value === 'object') {
    if (filling.isSecretAllowed) return spent([...value], filling.budget);
    const message = l10n.t(
      'The variable "{0}" holds a secret, which can only stand in a value of "env". The program finds it in its environment; for a shell write {1}.',
      name,
      `$\${${name}}`,
    );
    return fail('misplaced-secret', message);
  }
  if (value !== undefined && (value !== '' || fallback === undefined)) {
    return spent(value, filling.budget);
  }
  if (fallback !== undefined) return fill(fallback, filling);
  const message = l10n.t(
    'The variable "{0}" is not set. Set it, give it a default ({1}), or write {2} to leave it as it is.',
    name,
    `\${${name}:-…}`,
    `$\${${name}}`,
  );
  return fail('unset-variable', message);
}

function fillPort(name: string | undefined, { variables, closest }: Filling, fail: Fail): string {
  const owner = name ?? variables.process;
  if (owner === undefined) {
    return fail('unknown-variable', l10n.t('"${port}" belongs to a process; write ${port:name}.'));
  }
  if (!variables.ports.has(owner)) {
    const meant = closest(owner, variables.ports.keys());
    const message = l10n.t('There is no process "{0}".', owner);
    if (meant === undefined) return fail('unknown-variable', message);
    const question = l10n.t('Did you mean "{0}"?', meant);
    return fail('unknown-variable', `${message} ${question}`, `\${port:${meant}}`);
  }
  const port = variables.ports.get(owner);
  if (port !== undefined) return String(port);
  return fail('unset-variable', l10n.t('"{0}" has no port.', owner));
}
