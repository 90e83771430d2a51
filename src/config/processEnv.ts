import { readEnvCommands } from './envCommands.ts';
import { excluder } from './envExclude.ts';
import type { EnvFiles } from './envFile.ts';
import { fromMap, layered, type Lookup, readEnv, without } from './envLayers.ts';
import type { FieldReader } from './fieldReader.ts';
import type { EnvCommand, ProcessModel } from './model.ts';
import type { ProcessEntry } from './processEntry.ts';
import type { Value } from './secretText.ts';

/** The fields of a process that say what its environment is. */
export type EnvFields = Pick<
  ProcessModel,
  'fileEnv' | 'env' | 'secretEnv' | 'envCommands' | 'envExclude'
>;

/** What the top of the file says of the environment of all processes. */
export interface SharedEnv {
  /** Of its env files. */
  readonly files: ReadonlyMap<string, string>;
  /** Of its `env`. */
  readonly values: ReadonlyMap<string, Value>;
  readonly commands: readonly EnvCommand[];
  readonly exclude: readonly string[];
  /** The inherited environment, without what is excluded. */
  readonly host: Lookup;
  /** What a process has that adds nothing. */
  readonly fields: EnvFields;
}

/** The shared part, with the fields of all processes that add nothing of their own. */
export function sharedEnv(parts: Omit<SharedEnv, 'fields'>): SharedEnv {
  const { files, values, commands, exclude } = parts;
  const fields = toFields([files, values], commands, exclude);
  return { ...parts, fields };
}

/** The environment of a process, and where its other fields look for variables. */
export async function readProcessEnv(
  entry: ProcessEntry,
  port: number | undefined,
  shared: SharedEnv,
  envFiles: EnvFiles,
  readerFor: (env: Lookup) => FieldReader,
): Promise<{ readonly fields: EnvFields; readonly lookup: Lookup }> {
  const { raw, path } = entry;
  const ownExclude = raw.env_exclude ?? [];
  const host = ownExclude.length === 0 ? shared.host : without(excluder(ownExclude), shared.host);
  const ownPort: Lookup = (name) => (name === 'PORT' && port !== undefined ? `${port}` : undefined);
  const below = layered(fromMap(shared.values), fromMap(shared.files), ownPort, host);
  const files = await envFiles.read(raw.env_file, [...path, 'env_file'], readerFor(below));
  const withFiles = layered(fromMap(files), below);
  const values = readEnv(raw.env, [...path, 'env'], (above) =>
    readerFor(layered(above, withFiles)),
  );
  const lookup = layered(fromMap(values), withFiles);
  const ownCommands = readEnvCommands(raw.env_command, [...path, 'env_command'], readerFor(lookup));
  const isPlain = [files.size, values.size, ownCommands.length, ownExclude.length].every(
    (count) => count === 0,
  );
  // Shared where it can be: a thousand processes with thousands of variables are millions.
  const fields = isPlain
    ? shared.fields
    : toFields(
        [shared.files, shared.values, files, values],
        [...shared.commands, ...ownCommands],
        [...shared.exclude, ...ownExclude],
      );
  return { fields, lookup };
}

/** `layers` are env files and `env` by turns, from below. */
function toFields(
  layers: readonly ReadonlyMap<string, Value>[],
  envCommands: readonly EnvCommand[],
  envExclude: readonly string[],
): EnvFields {
  const fileEnv = new Map<string, Value>();
  const env = new Map<string, Value>();
  for (const [at, layer] of layers.entries()) {
    const isOfFile = at % 2 === 0 && envCommands.length > 0;
    const [into, other] = isOfFile ? [fileEnv, env] : [env, fileEnv];
    for (const [name, value] of layer) {
      into.set(name, value);
      other.delete(name);
    }
  }
  return {
    fileEnv: pickPlain(fileEnv),
    env: pickPlain(env),
    secretEnv: pickSecret(env),
    envCommands,
    envExclude: [...new Set(envExclude)],
  };
}

function pickPlain(values: ReadonlyMap<string, Value>): Record<string, string> {
  return Object.fromEntries(
    [...values].filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function pickSecret(values: ReadonlyMap<string, Value>): ProcessModel['secretEnv'] {
  return Object.fromEntries(
    [...values].filter(
      (entry): entry is [string, Exclude<Value, string>] => typeof entry[1] !== 'string',
    ),
  );
}
