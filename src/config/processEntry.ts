import type { ProcessKind, SourceRange } from './model.ts';
import type { RawDefaults, RawProcess } from './processSchema.ts';
import { isPlaceholderName } from './prune.ts';
import type { RawFile } from './schema.ts';
import type { Written } from './policies.ts';
import type { ValuePath, YamlTree } from './yamlTree.ts';

/** One process as it is written, with the defaults of the file behind it. */
export class ProcessEntry {
  readonly name: string;
  readonly raw: RawProcess;
  readonly path: ValuePath;
  readonly defaults: RawDefaults;

  constructor(name: string, raw: RawProcess, path: ValuePath, defaults: RawDefaults) {
    this.name = name;
    this.raw = raw;
    this.path = path;
    this.defaults = defaults;
  }

  get kind(): ProcessKind {
    return this.raw.type ?? this.defaults.type ?? 'service';
  }

  /** Is what the file says of its type beyond doubt? A wrong type has been reported already. */
  isKindKnown(tree: YamlTree): boolean {
    return this.raw.type !== undefined || tree.locate([...this.path, 'type']) === undefined;
  }

  /** The place of its name, for what is said of the whole of it. */
  nameRange(tree: YamlTree): SourceRange {
    const place = tree.nearest(this.path);
    const name = tree.locate([...this.path, 'name'])?.value;
    return place.key ?? name ?? tree.firstLine(place.value);
  }

  /** The process's own value. */
  own<K extends keyof RawProcess>(key: K): Written<NonNullable<RawProcess[K]>> | undefined {
    return written(this.raw[key], [...this.path, key]);
  }

  /** The value in `defaults`. */
  shared<K extends keyof RawDefaults>(key: K): Written<NonNullable<RawDefaults[K]>> | undefined {
    return written(this.defaults[key], ['defaults', key]);
  }
}

function written<T>(value: T, path: ValuePath): Written<NonNullable<T>> | undefined {
  return value === undefined || value === null ? undefined : { value, path };
}

/** The processes in the order of the file, without those whose name can't be used. */
export function processEntries(file: RawFile): readonly ProcessEntry[] {
  const defaults = file.defaults ?? {};
  if (!Array.isArray(file.processes)) {
    return Object.entries(file.processes).map(
      ([name, raw]) => new ProcessEntry(name, raw, ['processes', name], defaults),
    );
  }
  return file.processes.flatMap((raw, at) =>
    isPlaceholderName(raw.name)
      ? []
      : [new ProcessEntry(raw.name, raw, ['processes', at], defaults)],
  );
}
