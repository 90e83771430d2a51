import * as l10n from '@vscode/l10n';
import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { LIMITS } from './defaults.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { SourceRange } from './model.ts';
import type { SourceText } from './sourceText.ts';
import { resolveAliases } from './yamlAliases.ts';

/** The way to a value: keys of maps and indices of lists. */
export type ValuePath = readonly (string | number)[];

/** Where a value stands. */
export interface Place {
  /** Of its key in the file; undefined for the root and in lists. */
  readonly key: SourceRange | undefined;
  readonly value: SourceRange;
  readonly node: Node;
}

interface Entry {
  readonly key: Node;
  readonly value: Node | undefined;
}

function scalarText(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : (node.source ?? JSON.stringify(node.value));
}

class RefusedError extends Error {}

/**
 * A YAML document as plain values and the places they came from. Aliases and merge keys (`<<`) are
 * followed, within bounds; maps become objects without a prototype, so that no key is special.
 */
export class YamlTree {
  readonly source: SourceText;
  /** Undefined if the document is refused (the diagnostics say why). May be changed by its owner. */
  readonly value: unknown;
  /** Does every alias stand for something? If not, values are missing. */
  readonly isComplete: boolean;
  readonly #root: Node;
  readonly #diagnostics: Diagnostics;
  readonly #aliases: ReadonlyMap<Node, Node>;
  readonly #entries = new WeakMap<YAMLMap, ReadonlyMap<string, Entry>>();
  readonly #open = new Set<Node>();
  #count = 0;

  constructor(source: SourceText, root: Node, diagnostics: Diagnostics) {
    this.source = source;
    this.#root = root;
    this.#diagnostics = diagnostics;
    const aliases = resolveAliases(root, source, diagnostics);
    this.#aliases = aliases.targets;
    this.isComplete = aliases.isComplete;
    try {
      this.value = this.#convert(root, 0);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.value = undefined;
    }
  }

  /** The place of the value at `path`, or undefined if there is none in the file. */
  locate(path: ValuePath): Place | undefined {
    let place: Place = { key: undefined, value: this.rangeOf(this.#root), node: this.#root };
    for (const step of path) {
      const next = this.#step(this.#follow(place.node), step);
      if (next === undefined) return undefined;
      place = next;
    }
    return place;
  }

  /** The nearest place on the way to `path`: the whole root if need be. */
  nearest(path: ValuePath): Place {
    for (let length = path.length; length > 0; length--) {
      const place = this.locate(path.slice(0, length));
      if (place !== undefined) return place;
    }
    return { key: undefined, value: this.rangeOf(this.#root), node: this.#root };
  }

  /** The node at `path`, or what it stands for if it is an alias. */
  nodeAt(path: ValuePath): Node | undefined {
    const place = this.locate(path);
    return place === undefined ? undefined : this.#follow(place.node);
  }

  /** A scalar as it is written (`1.10` stays `1.10`), without quotes. */
  textAt(path: ValuePath): string | undefined {
    const node = this.nodeAt(path);
    return isScalar(node) ? scalarText(node) : undefined;
  }

  /** The keys of the map at `path` with the places of their values, in order; else nothing. */
  *entriesAt(path: ValuePath): Iterable<[string, Place]> {
    const node = this.nodeAt(path);
    if (!isMap(node)) return;
    for (const [key, entry] of this.#entriesOf(node)) yield [key, this.#placeOf(entry)];
  }

  rangeOf(node: Node): SourceRange {
    const [start, end] = node.range ?? [0, 0];
    return this.source.trimmedRange(start, end);
  }

  #step(node: Node, step: string | number): Place | undefined {
    if (isMap(node)) {
      const entry = this.#entriesOf(node).get(String(step));
      return entry === undefined ? undefined : this.#placeOf(entry);
    }
    const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
    if (item === undefined || isPair(item)) return undefined;
    return { key: undefined, value: this.rangeOf(item as Node), node: item as Node };
  }

  #placeOf(entry: Entry): Place {
    const key = this.rangeOf(entry.key);
    const node = entry.value ?? entry.key;
    const value = this.rangeOf(node);
    // `key:` with nothing after it: there is nothing to underline but the key.
    return { key, node, value: value.start.offset === value.end.offset ? key : value };
  }

  #follow(node: Node): Node {
    return this.#aliases.get(node) ?? node;
  }

  #convert(node: Node | null | undefined, depth: number): unknown {
    if (node === null || node === undefined) return null;
    const target = this.#follow(node);
    this.#guard(node, target, depth);
    if (isScalar(target)) return target.value;
    if (!isMap(target) && !isSeq(target)) return null;
    this.#open.add(target);
    const value = isMap(target)
      ? this.#convertMap(target, depth)
      : target.items.map((item) => this.#convert(item as Node, depth + 1));
    this.#open.delete(target);
    return value;
  }

  #convertMap(map: YAMLMap, depth: number): Record<string, unknown> {
    const result = Object.create(null) as Record<string, unknown>;
    for (const [key, entry] of this.#entriesOf(map)) {
      result[key] = this.#convert(entry.value, depth + 1);
    }
    return result;
  }

  #guard(node: Node, target: Node, depth: number): void {
    this.#count += 1;
    if (depth > LIMITS.depth) {
      this.#refuse('too-deep', l10n.t('The file is nested too deeply.'), node);
    }
    if (this.#open.has(target)) {
      this.#refuse('alias-bomb', l10n.t('This alias stands for something it is part of.'), node);
    }
    if (this.#count > LIMITS.values) {
      const message = l10n.t('With its aliases the file has more than {0} values.', LIMITS.values);
      this.#refuse(this.#aliases.size > 0 ? 'alias-bomb' : 'too-large', message, node);
    }
  }

  #refuse(code: 'alias-bomb' | 'too-deep' | 'too-large', message: string, node: Node): never {
    this.#diagnostics.error(code, message, this.source.firstLine(this.rangeOf(node)));
    throw new RefusedError();
  }

  /** By key; of two with the same key the first counts, and one's own count before merged ones. */
  #entriesOf(map: YAMLMap): ReadonlyMap<string, Entry> {
    const known = this.#entries.get(map);
    if (known !== undefined) return known;
    const entries = new Map<string, Entry>();
    // Known from now on, so that a map that merges itself ends.
    this.#entries.set(map, entries);
    const merged: Node[] = [];
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      if (isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN') {
        if (pair.value !== null) merged.push(this.#follow(pair.value));
      } else {
        this.#addEntry(entries, pair);
      }
    }
    for (const node of merged) this.#merge(entries, node);
    return entries;
  }

  #addEntry(entries: Map<string, Entry>, pair: Pair<Node | null, Node | null>): void {
    if (pair.key === null) return;
    const key = this.#follow(pair.key);
    const range = this.source.firstLine(this.rangeOf(pair.key));
    if (!isScalar(key) || key.value === null) {
      this.#diagnostics.error('wrong-type', l10n.t('A key must be text.'), range);
      return;
    }
    const name = scalarText(key);
    if (name === '__proto__') {
      this.#diagnostics.error('unknown-key', l10n.t('"__proto__" can\'t be used as a key.'), range);
    } else if (entries.has(name)) {
      this.#diagnostics.error('duplicate-name', l10n.t('"{0}" is there twice.', name), range);
    } else {
      entries.set(name, { key: pair.key, value: pair.value ?? undefined });
    }
  }

  #merge(entries: Map<string, Entry>, node: Node): void {
    if (isSeq(node)) {
      for (const item of node.items) {
        const target = this.#follow(item as Node);
        if (isMap(target)) this.#merge(entries, target);
        else this.#refuseMerge(item as Node);
      }
      return;
    }
    if (!isMap(node)) {
      this.#refuseMerge(node);
      return;
    }
    for (const [key, entry] of this.#entriesOf(node)) {
      if (!entries.has(key)) entries.set(key, entry);
    }
  }

  #refuseMerge(node: Node): void {
    const range = this.source.firstLine(this.rangeOf(node));
    this.#diagnostics.error('wrong-type', l10n.t('"<<" takes a map, or a list of maps.'), range);
  }
}
