import { Masker } from '../base/masker.ts';
import type { SecretSource } from './secretSource.ts';

/** What a variable's name begins with that holds a secret, where there is no editor to ask. */
export const secretVariablePrefix = 'DEV_ENV_SECRET_';

/** The variable that holds a secret; what a variable's name cannot have becomes `_`. */
export function secretVariable(name: string): string {
  return secretVariablePrefix + name.replace(/[^A-Za-z0-9_]/g, '_');
}

/** Secrets out of `DEV_ENV_SECRET_<NAME>`. An empty one counts as not given. */
export function environmentSecrets(hostEnv: NodeJS.ProcessEnv): SecretSource {
  const read = (names: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const found = new Map<string, string>();
    for (const name of names) {
      const value = hostEnv[secretVariable(name)];
      if (value !== undefined && value !== '') found.set(name, value);
    }
    return Promise.resolve(found);
  };
  return { get: read, known: read };
}

/** Hides every secret that the variables hold, whatever it is for. */
export function secretVariablesMask(hostEnv: NodeJS.ProcessEnv): (text: string) => string {
  const masker = new Masker();
  for (const [name, value] of Object.entries(hostEnv)) {
    if (name.startsWith(secretVariablePrefix) && value !== undefined) masker.add([value]);
  }
  return (text) => masker.mask(text);
}
