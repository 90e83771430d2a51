import { median } from './statistics.ts';

/** A table of Markdown; the first column is words, the others are figures. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}

/** `12 (10–15)`: the middle with the smallest and the largest, unless they look the same. */
export function spread(middle: number, values: readonly number[], digits: number): string {
  const [shown, low, high] = [middle, Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  );
  return low === high ? (shown ?? '') : `${shown ?? ''} (${low ?? ''}–${high ?? ''})`;
}

/** Median with the smallest and the largest; nothing when there are no values. */
export function figureCell(values: readonly number[], digits: number): string {
  return values.length === 0 ? '' : spread(median(values), values, digits);
}

/** Name, number of values, the values, and those of the limit. */
export function figureRow(
  name: string,
  values: readonly number[],
  limit: readonly number[] = [],
  digits = 0,
): string[] {
  return [name, String(values.length), figureCell(values, digits), figureCell(limit, digits)];
}
