import * as z from 'zod/mini';
import type { ProcessModel } from '../config/model.ts';
import { readVariables } from '../process/linuxMarkers.ts';

/**
 * In the environment of a program that was given secrets: where in which of its variables they
 * stand, as JSON. The next host finds them by it, whatever the file says by then.
 */
export const hiddenVariable = 'DEV_ENV_HIDDEN';

/** By variable, the stretches of its value that are secret: from one UTF-16 code unit to another. */
const hiddenSchema = z.record(z.string(), z.array(z.tuple([z.int(), z.int()])));
type Hidden = z.infer<typeof hiddenSchema>;

/** What secrets make of the environment of a program. */
export interface SecretVariables {
  /** Those that hold secrets, filled in. */
  readonly variables: Readonly<Record<string, string>>;
  /** The one that says where these stand, where it is read: for the program itself alone. */
  readonly marks: Readonly<Record<string, string>>;
}

/** Puts the values of secrets, by name, into the variables that hold them. */
export function fillInSecrets(
  secretEnv: ProcessModel['secretEnv'],
  values: ReadonlyMap<string, string>,
): SecretVariables {
  const filled: Record<string, string> = {};
  const hidden: Hidden = {};
  for (const [variable, parts] of Object.entries(secretEnv)) {
    const stretches: Hidden[string] = [];
    let text = '';
    for (const part of parts) {
      const start = text.length;
      text += typeof part === 'string' ? part : (values.get(part.secret) ?? '');
      if (typeof part !== 'string') stretches.push([start, text.length]);
    }
    filled[variable] = text;
    hidden[variable] = stretches;
  }
  const marks = process.platform === 'linux' ? { [hiddenVariable]: JSON.stringify(hidden) } : {};
  return { variables: filled, marks };
}

/**
 * The secrets that a program was given at its start, as its environment still tells: for hosts that
 * were not there. Linux; elsewhere, and when it has ended, there are none.
 */
export function givenSecrets(pid: number, runId: string): readonly string[] {
  if (process.platform !== 'linux') return [];
  const marked = readVariables(pid, runId, [hiddenVariable])[hiddenVariable];
  if (marked === undefined) return [];
  const hidden = parseHidden(marked);
  const values = readVariables(pid, runId, Object.keys(hidden));
  return Object.entries(values).flatMap(([variable, value]) =>
    (hidden[variable] ?? []).map(([start, end]) => value.slice(start, end)),
  );
}

function parseHidden(text: string): Hidden {
  try {
    return hiddenSchema.parse(JSON.parse(text));
  } catch {
    // Not of ours, or of another version.
    return {};
  }
}
