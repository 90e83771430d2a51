/** A cell; `paint` puts colour on it after its width was measured. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
  readonly isRight?: boolean;
}

/** Columns as wide as their widest cell, two blanks apart; the last one as long as it likes. */
export function formatTable(rows: readonly (readonly Cell[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { text }] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, text.length);
    }
  }
  return rows.map((row) =>
    row
      .map(({ text, paint = (same) => same, isRight = false }, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - text.length);
        if (isRight) return gap + paint(text);
        return column === row.length - 1 ? paint(text) : paint(text) + gap;
      })
      .join('  ')
      .trimEnd(),
  );
}
