import * as l10n from '@vscode/l10n';
import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  YAMLMap,
  YAMLSeq,
} from 'yaml';
import { LIMITS } from './defaults.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { SourceRange } from './model.ts';
import type { SourceText } from './sourceText.ts';
import { type Entry, type NodeReading, scalarText, type YamlNodes } from './yamlNodes.ts';

/**
 * One document laid over another: maps are merged, key by key, and processes by their names; all
 * else of the upper one takes the place of what is below, and null removes it. What it makes of two
 * maps is a node of its own; every other node keeps its place in its own text.
 */
export class OverlaidNodes implements NodeReading {
  readonly root: Node;
  readonly isComplete: boolean;
  readonly hasAliases: boolean;
  readonly #lower: YamlNodes;
  readonly #upper: YamlNodes;
  readonly #ofUpper: Set<Node>;
  readonly #diagnostics: Diagnostics;
  readonly #made = new Map<YAMLMap, ReadonlyMap<string, Entry>>();
  #count = 0;

  constructor(lower: YamlNodes, upper: YamlNodes, diagnostics: Diagnostics) {
    this.#lower = lower;
    this.#upper = upper;
    this.#ofUpper = nodesOf(upper.root);
    this.#diagnostics = diagnostics;
    this.isComplete = lower.isComplete && upper.isComplete;
    this.hasAliases = lower.hasAliases || upper.hasAliases;
    this.root = this.#lay(lower.root, upper.root, 0);
  }

  follow(node: Node): Node {
    return this.#readingOf(node).follow(node);
  }

  entriesOf(map: YAMLMap): ReadonlyMap<string, Entry> {
    return this.#made.get(map) ?? this.#readingOf(map).entriesOf(map);
  }

  sourceOf(node: Node): SourceText {
    return this.#readingOf(node).sourceOf();
  }

  sourceAt(range: SourceRange): SourceText {
    return (range.file === undefined ? this.#lower : this.#upper).sourceAt();
  }

  #readingOf(node: Node): YamlNodes {
    return this.#ofUpper.has(node) ? this.#upper : this.#lower;
  }

  /** Null in the upper one removes, also where there is nothing to remove. */
  #lay(below: Node | undefined, above: Node, depth: number): Node {
    const lower = below && this.follow(below);
    const upper = this.follow(above);
    this.#count += 1;
    // Aliases can make what is written in a few lines endless; the reading of the values says so.
    const isTooMuch = depth > LIMITS.depth || this.#count > LIMITS.values;
    if (!isMap(upper) || isTooMuch) return above;
    const isMerged = isMap(lower);
    const entries = new Map(isMerged ? this.entriesOf(lower) : []);
    for (const [key, entry] of this.entriesOf(upper)) {
      const isProcesses = depth === 0 && key === 'processes';
      this.#layEntry(entries, key, entry, (one, other) =>
        isProcesses ? this.#layProcesses(one, other) : this.#lay(one, other, depth + 1),
      );
    }
    return this.#make(entries, isMerged ? lower : upper);
  }

  #layEntry(
    entries: Map<string, Entry>,
    key: string,
    above: Entry,
    lay: (below: Node | undefined, above: Node) => Node,
  ): void {
    const below = entries.get(key);
    const value = this.#valueOf(above);
    if (value === undefined) {
      entries.delete(key);
      return;
    }
    const isMerged = below?.value !== undefined && isCollection(this.follow(below.value));
    const isCollectionToo = isCollection(this.follow(value));
    entries.set(key, {
      key: isMerged && isCollectionToo ? below.key : above.key,
      value: lay(below?.value, value),
    });
  }

  #layProcesses(below: Node | undefined, above: Node): Node {
    const lower = below && this.follow(below);
    const upper = this.follow(above);
    if (!isMap(upper) && !isSeq(upper)) return above;
    const added = isMap(upper) ? this.entriesOf(upper) : this.#byName(upper);
    if (isSeq(lower)) return this.#layOnList(lower, added);
    if (lower === undefined) return above;
    if (!isMap(lower)) return lower;
    const entries = new Map(this.entriesOf(lower));
    for (const [name, entry] of added) {
      this.#layEntry(entries, name, entry, (one, other) => this.#lay(one, other, 2));
    }
    return this.#make(entries, lower);
  }

  /** In the order of the list, with what is new at its end. */
  #layOnList(lower: YAMLSeq, added: ReadonlyMap<string, Entry>): Node {
    const rest = new Map(added);
    const list = new YAMLSeq<Node>();
    if (lower.range) list.range = lower.range;
    for (const item of lower.items as Node[]) {
      const nameNode = this.#nameOf(item);
      const name = nameNode && scalarText(nameNode);
      const entry = name === undefined ? undefined : rest.get(name);
      if (name === undefined || entry === undefined) {
        list.items.push(item);
        continue;
      }
      rest.delete(name);
      const value = this.#valueOf(entry);
      if (value !== undefined) list.items.push(this.#lay(item, value, 2));
    }
    for (const { key, value } of rest.values()) {
      if (value !== undefined) list.items.push(this.#named(key, this.#lay(undefined, value, 2)));
    }
    return list;
  }

  /** The entries of a list of processes by their names, which they are then without. */
  #byName(list: YAMLSeq): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    for (const item of list.items as Node[]) {
      const map = this.follow(item);
      const key = this.#nameOf(item);
      if (key === undefined || !isMap(map)) {
        const [start, end] = item.range ?? [0, 0];
        const source = this.sourceOf(item);
        const range = source.firstLine(source.trimmedRange(start, end));
        this.#diagnostics.error('missing-key', l10n.t('"{0}" is missing.', 'name'), range);
        continue;
      }
      const own = new Map(this.entriesOf(map));
      own.delete('name');
      entries.set(scalarText(key), { key, value: this.#make(own, map) });
    }
    return entries;
  }

  #nameOf(item: Node): Scalar | undefined {
    const map = this.follow(item);
    const name = isMap(map) ? this.entriesOf(map).get('name')?.value : undefined;
    const node = name === undefined ? undefined : this.follow(name);
    return isScalar(node) ? node : undefined;
  }

  /** An entry of the list of processes for one of a map. */
  #named(key: Node, value: Node): Node {
    if (!isMap(value)) return value;
    const entries = new Map<string, Entry>([['name', { key, value: key }]]);
    for (const [name, entry] of this.entriesOf(value)) entries.set(name, entry);
    return this.#make(entries, value);
  }

  #valueOf({ value }: Entry): Node | undefined {
    const node = value === undefined ? undefined : this.follow(value);
    return isScalar(node) && node.value === null ? undefined : value;
  }

  /** A map of its own that stands where `like` does. */
  #make(entries: ReadonlyMap<string, Entry>, like: YAMLMap): YAMLMap {
    const map = new YAMLMap();
    if (like.range) map.range = like.range;
    this.#made.set(map, entries);
    if (this.#ofUpper.has(like)) this.#ofUpper.add(map);
    return map;
  }
}

/** Every node of a document. */
function nodesOf(root: Node): Set<Node> {
  const nodes = new Set<Node>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (isPair(node)) {
      open.push(node.key, node.value);
    } else if (isAlias(node) || isScalar(node) || isCollection(node)) {
      nodes.add(node);
      if (isCollection(node)) open.push(...node.items);
    }
  }
  return nodes;
}
