import type { FieldReader } from './fieldReader.ts';
import type { Value } from './secretText.ts';
import type { RawEnv } from './schema.ts';
import type { ValuePath } from './yamlTree.ts';

/** The value of a variable, or undefined if it is not set. */
export type Lookup = (name: string) => Value | undefined;

/** Where a process finds its variables, the nearest layer first. */
export function layered(...layers: readonly Lookup[]): Lookup {
  return (name) => {
    for (const layer of layers) {
      const value = layer(name);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

export function fromMap(values: ReadonlyMap<string, Value>): Lookup {
  return (name) => values.get(name);
}

/**
 * The inherited environment as the file may see it. The editor's own variables are taken away from
 * what is started, so they are not to be seen here either. Windows knows no case in names.
 */
export function fromHost(
  hostEnv: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Lookup {
  const fold = (name: string): string => (platform === 'win32' ? name.toUpperCase() : name);
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(hostEnv)) {
    if (value !== undefined && !/^(VSCODE|ELECTRON)_/i.test(name)) values.set(fold(name), value);
  }
  return (name) => values.get(fold(name));
}

/** A layer without the variables that are excluded. */
export function without(isExcluded: (name: string) => boolean, layer: Lookup): Lookup {
  return (name) => (isExcluded(name) ? undefined : layer(name));
}

/**
 * The variables of an `env`, in order: each may refer to those above it and to the layers below.
 * `readerFor` gives a reader that sees a given layer on top of those.
 */
export function readEnv(
  raw: RawEnv | undefined,
  path: ValuePath,
  readerFor: (own: Lookup) => FieldReader,
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  const reader = readerFor(fromMap(values));
  for (const name of Object.keys(raw ?? {})) {
    const value = reader.value([...path, name]);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}
