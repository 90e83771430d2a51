/** A place in a file that a line of output names; one-based line and column as it says them. */
export interface FileLink {
  readonly path: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** Where in the text of the line it stands. */
  readonly start: number;
  readonly length: number;
}

/** Longer lines are looked at up to here. */
const maxLineLength = 2_000;

const path = String.raw`(?:file:\/\/)?(?:[A-Za-z]:[\\/]|\.{0,2}[\\/])?(?:[\w@.+~-]+[\\/])*[\w@+~-][\w@.+~-]*\.[A-Za-z]\w{0,9}`;

/** In the order in which they are tried at one place. */
const shapes: readonly RegExp[] = [
  // Python: File "a/b.py", line 12
  new RegExp(`File "(?<path>[^"]+)", line (?<line>\\d+)`, 'g'),
  // TypeScript, MSBuild: a/b.ts(12,5)
  new RegExp(`(?<path>${path})\\((?<line>\\d+)(?:,\\s?(?<column>\\d+))?\\)`, 'g'),
  // Most others: a/b.js:12:5
  new RegExp(`(?<path>${path}):(?<line>\\d+)(?::(?<column>\\d+))?`, 'g'),
];

/** The places in files that a plain line names, with a line number, so that words are not links. */
export function findFileLinks(text: string): FileLink[] {
  const line = text.slice(0, maxLineLength);
  const links: FileLink[] = [];
  for (const shape of shapes) {
    for (const match of line.matchAll(shape)) {
      const groups = match.groups ?? {};
      const start = match.index;
      const isTaken = links.some(
        (other) => start < other.start + other.length && other.start < start + match[0].length,
      );
      if (isTaken) continue;
      links.push({
        path: (groups['path'] ?? '').replace(/^file:\/\//, ''),
        line: numberOf(groups['line']),
        column: numberOf(groups['column']),
        start,
        length: match[0].length,
      });
    }
  }
  return links.sort((a, b) => a.start - b.start);
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
