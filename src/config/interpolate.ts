import * as l10n from '@vscode/l10n';
import { closest } from './suggest.ts';
import { parseTemplate, type TemplatePart } from './template.ts';

/** What `${…}` can stand for in one place of the file. */
export interface Variables {
  /** The value of an environment variable; undefined if it is not set. */
  env(name: string): string | undefined;
  readonly workspaceFolder: string;
  /** The process the place belongs to, for `${port}`; undefined outside of processes. */
  readonly process: string | undefined;
  /** Every process, with its port if it has one. */
  readonly ports: ReadonlyMap<string, number | undefined>;
}

export interface InterpolationProblem {
  readonly code: 'unset-variable' | 'unknown-variable';
  readonly message: string;
  /** Where in the text: half-open offsets. */
  readonly start: number;
  readonly end: number;
  /** What to write in place of it. */
  readonly suggestion?: string;
}

export interface Interpolated {
  readonly text: string;
  readonly problems: readonly InterpolationProblem[];
}

/**
 * Fills in `${NAME}`, `${env:NAME}`, `${NAME:-default}`, `${workspaceFolder}`, `${port}` and
 * `${port:name}`; `$$` is a dollar, and any other `$` stays as it is. The insertion is textual:
 * nothing is quoted for a shell. What can't be filled in becomes nothing and a problem.
 */
export function interpolate(text: string, variables: Variables): Interpolated {
  if (!text.includes('$')) return { text, problems: [] };
  const problems: InterpolationProblem[] = [];
  const filled = fill(parseTemplate(text), variables, problems);
  return { text: filled, problems };
}

function fill(
  parts: readonly TemplatePart[],
  variables: Variables,
  problems: InterpolationProblem[],
): string {
  let result = '';
  for (const part of parts) {
    if (part.kind === 'text') result += part.text;
    else result += fillOne(part, variables, problems);
  }
  return result;
}

type Placeholder = Exclude<TemplatePart, { kind: 'text' }>;

function fillOne(
  part: Placeholder,
  variables: Variables,
  problems: InterpolationProblem[],
): string {
  const { start, end } = part;
  const fail = (
    code: InterpolationProblem['code'],
    message: string,
    suggestion?: string,
  ): string => {
    const problem = { code, message, start, end };
    problems.push(suggestion === undefined ? problem : { ...problem, suggestion });
    return '';
  };
  if (part.kind === 'broken') return fail('unknown-variable', part.message);
  const fallback = part.fallback;
  if (part.source === 'env') {
    const value = variables.env(part.name);
    if (fallback !== undefined) return value || fill(fallback, variables, problems);
    if (value !== undefined) return value;
    const message = l10n.t(
      'The variable "{0}" is not set. Set it, give it a default ({1}), or write {2} to leave it as it is.',
      part.name,
      `\${${part.name}:-…}`,
      `$\${${part.name}}`,
    );
    return fail('unset-variable', message);
  }
  if (fallback !== undefined) {
    const message = l10n.t('Only environment variables can have a default.');
    return fail('unknown-variable', message);
  }
  if (part.source === 'workspaceFolder') return variables.workspaceFolder;
  return fillPort(part.name, variables, fail);
}

function fillPort(
  name: string | undefined,
  variables: Variables,
  fail: (code: InterpolationProblem['code'], message: string, suggestion?: string) => string,
): string {
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
