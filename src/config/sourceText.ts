import type { SourcePosition, SourceRange } from './model.ts';

/** A text and the way from its offsets to lines and columns. */
export class SourceText {
  readonly text: string;
  readonly #file: string | undefined;
  readonly #lineStarts: number[] = [0];

  /** `file` is set for a text that is not that of the main file. */
  constructor(text: string, file?: string) {
    this.text = text;
    this.#file = file;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      this.#lineStarts.push(at + 1);
    }
  }

  /** The range between two offsets, brought inside the text and in order. */
  range(start: number, end: number): SourceRange {
    const from = Math.min(Math.max(start, 0), this.text.length);
    const to = Math.min(Math.max(end, from), this.text.length);
    const range = { start: this.#position(from), end: this.#position(to) };
    return this.#file === undefined ? range : { ...range, file: this.#file };
  }

  /** As `range`, without white space at its end: blocks of YAML reach to the next line. */
  trimmedRange(start: number, end: number): SourceRange {
    const length = this.text.slice(start, end).trimEnd().length;
    return this.range(start, start + length);
  }

  /** The part of `range` on its first line. */
  firstLine(range: SourceRange): SourceRange {
    const lineEnd = this.text.indexOf('\n', range.start.offset);
    const end = lineEnd === -1 ? range.end.offset : Math.min(lineEnd, range.end.offset);
    return this.trimmedRange(range.start.offset, end);
  }

  /** Binary search for the last line that starts at or before `offset`. */
  #position(offset: number): SourcePosition {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { offset, line: low, column: offset - (this.#lineStarts[low] ?? 0) };
  }
}
