import { isMap, isSeq } from 'yaml';
import type { SourceRange } from './model.ts';
import type { ValuePath, YamlTree } from './yamlTree.ts';

/** Where things stand in the file, as far as it could be read, even in a file with errors. */
export interface ConfigIndex {
  /** By name, in the order of the file; of two with the same name the first. */
  readonly processes: ReadonlyMap<string, ProcessPlace>;
  /** Every mention of a process in a `depends_on`, known or not. */
  readonly references: readonly DependencyReference[];
}

export interface ProcessPlace {
  readonly nameRange: SourceRange;
  /** The whole entry, with its name. */
  readonly entryRange: SourceRange;
  /** Its fields by key. */
  readonly sections: ReadonlyMap<string, SectionPlace>;
  /** The way to the entry in the file. */
  readonly path: ValuePath;
}

export interface SectionPlace {
  readonly keyRange: SourceRange;
  readonly valueRange: SourceRange;
}

export interface DependencyReference {
  /** The process whose `depends_on` it is. */
  readonly from: string;
  /** The process that is mentioned. */
  readonly name: string;
  readonly range: SourceRange;
  readonly path: ValuePath;
}

export const EMPTY_INDEX: ConfigIndex = { processes: new Map(), references: [] };

export function buildIndex(tree: YamlTree): ConfigIndex {
  const processes = new Map<string, ProcessPlace>();
  const references: DependencyReference[] = [];
  for (const { name, place } of namedEntries(tree)) {
    if (!processes.has(name)) processes.set(name, place);
    references.push(...referencesOf(name, place.path, tree));
  }
  return { processes, references };
}

/** Every entry that has a name, with two of the same name both. */
export function* namedEntries(
  tree: YamlTree,
): Iterable<{ readonly name: string; readonly place: ProcessPlace }> {
  const node = tree.nodeAt(['processes']);
  if (isMap(node)) {
    for (const [name, place] of tree.entriesAt(['processes'])) {
      const path = ['processes', name];
      const nameRange = place.key ?? place.value;
      const end = Math.max(nameRange.end.offset, place.value.end.offset);
      // The value of an alias stands somewhere else; the name is then all there is of the entry.
      const isAfter =
        place.value.file === nameRange.file && place.value.start.offset >= nameRange.start.offset;
      const entryRange = isAfter
        ? tree.sourceAt(nameRange).range(nameRange.start.offset, end)
        : nameRange;
      yield { name, place: placeOf(path, nameRange, entryRange, tree) };
    }
  } else if (isSeq(node)) {
    for (const at of node.items.keys()) {
      const path = ['processes', at];
      const name = tree.textAt([...path, 'name']);
      const nameRange = tree.locate([...path, 'name'])?.value;
      const entryRange = tree.locate(path)?.value;
      if (name === undefined || nameRange === undefined || entryRange === undefined) continue;
      yield { name, place: placeOf(path, nameRange, entryRange, tree) };
    }
  }
}

function placeOf(
  path: ValuePath,
  nameRange: SourceRange,
  entryRange: SourceRange,
  tree: YamlTree,
): ProcessPlace {
  let sections: ReadonlyMap<string, SectionPlace> | undefined;
  return {
    nameRange,
    entryRange,
    path,
    /** Made when it is asked for: most processes are never looked at that closely. */
    get sections() {
      return (sections ??= sectionsOf(path, tree));
    },
  };
}

function sectionsOf(path: ValuePath, tree: YamlTree): ReadonlyMap<string, SectionPlace> {
  const sections = new Map<string, SectionPlace>();
  for (const [key, { key: keyRange, value: valueRange }] of tree.entriesAt(path)) {
    if (keyRange !== undefined) sections.set(key, { keyRange, valueRange });
  }
  return sections;
}

function* referencesOf(
  from: string,
  entryPath: ValuePath,
  tree: YamlTree,
): Iterable<DependencyReference> {
  const path = [...entryPath, 'depends_on'];
  const node = tree.nodeAt(path);
  if (isMap(node)) {
    for (const [name, { key }] of tree.entriesAt(path)) {
      if (key !== undefined) yield { from, name, range: key, path: [...path, name] };
    }
  } else if (isSeq(node)) {
    for (const at of node.items.keys()) {
      const name = tree.textAt([...path, at]);
      const range = tree.locate([...path, at])?.value;
      if (name !== undefined && range !== undefined) {
        yield { from, name, range, path: [...path, at] };
      }
    }
  }
}
