import { isScalar } from 'yaml';
import type { SourceRange } from './model.ts';
import type { SourceText } from './sourceText.ts';
import { placeholdersOf } from './template.ts';
import type { ValuePath, YamlTree } from './yamlTree.ts';

type Span = ReturnType<typeof placeholdersOf>[number];

/**
 * Where parts of a scalar's value stand in the file. What is written there differs from the value by
 * quotes, escapes and folds, so the same `${…}` is looked for in both. Both are read once, however
 * much is asked: a text can have a hundred thousand of them.
 */
export class PlaceholderRanges {
  readonly #written: string;
  readonly #source: SourceText | undefined;
  readonly #slice: string = '';
  readonly #from: number = 0;
  readonly #inValue: readonly Span[] = [];
  readonly #inText: readonly Span[] = [];
  /** Parts are asked for in the order of the text, so none before this is wanted again. */
  #next = 0;

  /** `written` is the value of the scalar at `path`. */
  constructor(tree: YamlTree, path: ValuePath, written: string) {
    this.#written = written;
    const node = tree.nodeAt(path);
    if (!isScalar(node)) return;
    const [from, to] = node.range ?? [0, 0];
    this.#source = tree.nodes.sourceOf(node);
    this.#from = from;
    this.#slice = this.#source.text.slice(from, to);
    this.#inValue = placeholdersOf(written);
    this.#inText = placeholdersOf(this.#slice);
  }

  /** Of a part of the value that is in one `${…}`; undefined if it is written otherwise. */
  rangeOf(start: number, end: number): SourceRange | undefined {
    while ((this.#inValue[this.#next]?.end ?? end) < end) this.#next += 1;
    const [outer, inText] = [this.#inValue[this.#next], this.#inText[this.#next]];
    if (outer === undefined || inText === undefined || start < outer.start) return undefined;
    const value = this.#written.slice(outer.start, outer.end);
    if (value !== this.#slice.slice(inText.start, inText.end)) return undefined;
    const offset = this.#from + inText.start - outer.start;
    return this.#source?.range(offset + start, offset + end);
  }
}
