import type { ProcessModel } from '../config/model.ts';
import { readVariables } from '../process/linuxMarkers.ts';

/**
 * The secrets that a program was given at its start, by name, as its environment still tells: for
 * hosts that were not there. Linux; elsewhere, and when it has ended, there are none.
 */
export function givenSecrets(
  pid: number,
  runId: string,
  { secretEnv }: Pick<ProcessModel, 'secretEnv'>,
): ReadonlyMap<string, string> {
  const variables = Object.keys(secretEnv);
  if (variables.length === 0 || process.platform !== 'linux') return new Map();
  return secretsIn(secretEnv, readVariables(pid, runId, variables));
}

/** The secrets in the values of variables. Where two stand side by side, the first has it all. */
export function secretsIn(
  secretEnv: ProcessModel['secretEnv'],
  values: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [variable, parts] of Object.entries(secretEnv)) {
    const pattern = parts.map((part) =>
      typeof part === 'string' ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : '([^]*)',
    );
    const match = new RegExp(`^${pattern.join('')}$`).exec(values[variable] ?? '');
    const secrets = parts.filter((part) => typeof part !== 'string');
    for (const [index, { secret }] of secrets.entries()) {
      const value = match?.[index + 1];
      if (value !== undefined && value !== '') found.set(secret, value);
    }
  }
  return found;
}
