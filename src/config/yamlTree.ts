import * as l10n from '@vscode/l10n';
import { isMap, isPair, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { LIMITS } from './defaults.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { SourceRange } from './model.ts';
import type { SourceText } from './sourceText.ts';
import { type Entry, type NodeReading, scalarText } from './yamlNodes.ts';

/** The way to a value: keys of maps and indices of lists. */
export type ValuePath = readonly (string | number)[];

/** Where a value stands. */
export interface Place {
  /** Of its key in the file; undefined for the root and in lists. */
  readonly key: SourceRange | undefined;
  readonly value: SourceRange;
  readonly node: Node;
}

class RefusedError extends Error {}

/**
 * A YAML document as plain values and the places they came from. Aliases and merge keys (`<<`) are
 * followed, within bounds; maps become objects without a prototype, so that no key is special.
 */
export class YamlTree {
  /** Undefined if the document is refused (the diagnostics say why). May be changed by its owner. */
  readonly value: unknown;
  readonly nodes: NodeReading;
  readonly #diagnostics: Diagnostics;
  readonly #open = new Set<Node>();
  #count = 0;

  constructor(nodes: NodeReading, diagnostics: Diagnostics) {
    this.nodes = nodes;
    this.#diagnostics = diagnostics;
    try {
      this.value = this.#convert(nodes.root, 0);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.value = undefined;
    }
  }

  /** The place of the value at `path`, or undefined if there is none in the file. */
  locate(path: ValuePath): Place | undefined {
    const node = this.#find(path.slice(0, -1));
    const last = path.at(-1);
    if (last === undefined) return this.#root();
    return node === undefined ? undefined : this.#step(node, last);
  }

  /** The nearest place on the way to `path`: the whole root if need be. */
  nearest(path: ValuePath): Place {
    for (let length = path.length; length > 0; length--) {
      const place = this.locate(path.slice(0, length));
      if (place !== undefined) return place;
    }
    return this.#root();
  }

  /** The node at `path`, or what it stands for if it is an alias. */
  nodeAt(path: ValuePath): Node | undefined {
    return this.#find(path);
  }

  /** A scalar as it is written (`1.10` stays `1.10`), without quotes. */
  textAt(path: ValuePath): string | undefined {
    const node = this.#find(path);
    return isScalar(node) ? scalarText(node) : undefined;
  }

  /** The keys of the map at `path` with the places of their values, in order; else nothing. */
  *entriesAt(path: ValuePath): Iterable<[string, Place]> {
    const node = this.#find(path);
    if (!isMap(node)) return;
    for (const [key, entry] of this.nodes.entriesOf(node)) yield [key, this.#placeOf(entry)];
  }

  rangeOf(node: Node): SourceRange {
    const [start, end] = node.range ?? [0, 0];
    return this.nodes.sourceOf(node).trimmedRange(start, end);
  }

  /** The part of `range` on its first line. */
  firstLine(range: SourceRange): SourceRange {
    return this.sourceAt(range).firstLine(range);
  }

  /** The text that a range is of. */
  sourceAt(range: SourceRange): SourceText {
    return this.nodes.sourceAt(range);
  }

  #root(): Place {
    const { root } = this.nodes;
    return { key: undefined, value: this.rangeOf(root), node: root };
  }

  /** The node at `path`, aliases followed, without looking up where anything stands. */
  #find(path: ValuePath): Node | undefined {
    let node: Node | undefined = this.nodes.follow(this.nodes.root);
    for (const step of path) {
      const next = this.#child(node, step);
      if (next === undefined) return undefined;
      node = this.nodes.follow(next);
    }
    return node;
  }

  #child(node: Node, step: string | number): Node | undefined {
    if (isMap(node)) {
      const entry = this.nodes.entriesOf(node).get(String(step));
      return entry === undefined ? undefined : (entry.value ?? entry.key);
    }
    const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
    return item === undefined || isPair(item) ? undefined : (item as Node);
  }

  #step(node: Node, step: string | number): Place | undefined {
    if (isMap(node)) {
      const entry = this.nodes.entriesOf(node).get(String(step));
      return entry === undefined ? undefined : this.#placeOf(entry);
    }
    const item = this.#child(node, step);
    if (item === undefined) return undefined;
    return { key: undefined, value: this.rangeOf(item), node: item };
  }

  #placeOf(entry: Entry): Place {
    const key = this.rangeOf(entry.key);
    const node = entry.value ?? entry.key;
    const value = this.rangeOf(node);
    // `key:` with nothing after it: there is nothing to underline but the key.
    return { key, node, value: value.start.offset === value.end.offset ? key : value };
  }

  #convert(node: Node | null | undefined, depth: number): unknown {
    if (node === null || node === undefined) return null;
    const target = this.nodes.follow(node);
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
    for (const [key, entry] of this.nodes.entriesOf(map)) {
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
      this.#refuse(this.nodes.hasAliases ? 'alias-bomb' : 'too-large', message, node);
    }
  }

  #refuse(code: 'alias-bomb' | 'too-deep' | 'too-large', message: string, node: Node): never {
    this.#diagnostics.error(code, message, this.firstLine(this.rangeOf(node)));
    throw new RefusedError();
  }
}
