import type { SecretReference } from './model.ts';

/** A text, or one that holds secrets: texts, and the names of secrets between them. */
export type Value = string | readonly (string | SecretReference)[];

/** The parts as one value, which is a text if there is no secret in it. */
export function joined(parts: readonly (string | SecretReference)[]): Value {
  const [first, ...rest] = merged(parts);
  if (first === undefined) return '';
  return rest.length === 0 && typeof first === 'string' ? first : [first, ...rest];
}

/** The same with texts that follow one another made one, and without empty ones. */
function merged(parts: readonly (string | SecretReference)[]): (string | SecretReference)[] {
  const result: (string | SecretReference)[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === 'string' && typeof last === 'string')
      result[result.length - 1] = last + part;
    else if (part !== '') result.push(part);
  }
  return result;
}
