import * as l10n from '@vscode/l10n';
import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { LIMITS } from './defaults.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { SourceRange } from './model.ts';
import type { SourceText } from './sourceText.ts';
import { resolveAliases } from './yamlAliases.ts';

export interface Entry {
  readonly key: Node;
  readonly value: Node | undefined;
}

/** What the nodes of one document, or of one laid over another, mean. */
export interface NodeReading {
  readonly root: Node;
  /** Does every alias stand for something? If not, values are missing. */
  readonly isComplete: boolean;
  readonly hasAliases: boolean;
  /** The node itself, or what it stands for if it is an alias. */
  follow(node: Node): Node;
  /** By key; of two with the same key the first counts, and one's own count before merged ones. */
  entriesOf(map: YAMLMap): ReadonlyMap<string, Entry>;
  /** The text that a node is written in. */
  sourceOf(node: Node): SourceText;
  /** The text that a range is of. */
  sourceAt(range: SourceRange): SourceText;
}

/** A scalar as it is written (`1.10` stays `1.10`), without quotes. */
export function scalarText(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : (node.source ?? JSON.stringify(node.value));
}

/** The nodes of one document: aliases and merge keys (`<<`) are followed. */
export class YamlNodes implements NodeReading {
  readonly root: Node;
  readonly isComplete: boolean;
  readonly #source: SourceText;
  readonly #diagnostics: Diagnostics;
  readonly #aliases: ReadonlyMap<Node, Node>;
  readonly #entries = new WeakMap<YAMLMap, ReadonlyMap<string, Entry>>();
  #mergedCount = 0;

  constructor(source: SourceText, root: Node, diagnostics: Diagnostics) {
    this.#source = source;
    this.root = root;
    this.#diagnostics = diagnostics;
    const aliases = resolveAliases(root, source, diagnostics);
    this.#aliases = aliases.targets;
    this.isComplete = aliases.isComplete;
  }

  get hasAliases(): boolean {
    return this.#aliases.size > 0;
  }

  follow(node: Node): Node {
    return this.#aliases.get(node) ?? node;
  }

  sourceOf(): SourceText {
    return this.#source;
  }

  sourceAt(): SourceText {
    return this.#source;
  }

  entriesOf(map: YAMLMap): ReadonlyMap<string, Entry> {
    const known = this.#entries.get(map);
    if (known !== undefined) return known;
    const entries = new Map<string, Entry>();
    // Known from now on, so that a map that merges itself ends.
    this.#entries.set(map, entries);
    const merged: Node[] = [];
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      if (isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN') {
        if (pair.value !== null) merged.push(this.follow(pair.value));
      } else {
        this.#addEntry(entries, pair);
      }
    }
    for (const node of merged) {
      const maps = isSeq(node) ? (node.items as Node[]) : [node];
      for (const map of maps) if (!this.#merge(entries, map)) return entries;
    }
    return entries;
  }

  #addEntry(entries: Map<string, Entry>, pair: Pair<Node | null, Node | null>): void {
    if (pair.key === null) return;
    const key = this.follow(pair.key);
    if (!isScalar(key) || key.value === null) {
      this.#diagnostics.error('wrong-type', l10n.t('A key must be text.'), this.#rangeOf(pair.key));
      return;
    }
    const name = scalarText(key);
    if (name === '__proto__') {
      const message = l10n.t('"__proto__" can\'t be used as a key.');
      this.#diagnostics.error('unknown-key', message, this.#rangeOf(pair.key));
    } else if (entries.has(name)) {
      const message = l10n.t('"{0}" is there twice.', name);
      this.#diagnostics.error('duplicate-name', message, this.#rangeOf(pair.key));
    } else {
      entries.set(name, { key: pair.key, value: pair.value ?? undefined });
    }
  }

  /** False: there were so many that no more are looked at (reported). */
  #merge(entries: Map<string, Entry>, node: Node): boolean {
    const map = this.follow(node);
    if (!isMap(map)) {
      const message = l10n.t('"<<" takes a map, or a list of maps.');
      this.#diagnostics.error('wrong-type', message, this.#rangeOf(node));
      return true;
    }
    const merged = this.entriesOf(map);
    // Keys that are there already make no value, but they take their time.
    this.#mergedCount += merged.size + 1;
    if (this.#mergedCount > LIMITS.values) {
      const message = l10n.t('With its aliases the file has more than {0} values.', LIMITS.values);
      this.#diagnostics.error('alias-bomb', message, this.#rangeOf(node));
      return false;
    }
    for (const [key, entry] of merged) if (!entries.has(key)) entries.set(key, entry);
    return true;
  }

  #rangeOf(node: Node): SourceRange {
    const [start, end] = node.range ?? [0, 0];
    return this.#source.firstLine(this.#source.trimmedRange(start, end));
  }
}
