import { isContinuation, lineLevels, type LineLevel } from '../../store/lineLevel.ts';
import type { ShapedLine } from '../output/shapedLine.ts';

/** One line of the merged view. */
export interface MergedLine {
  /** Key of its process. */
  readonly source: string;
  readonly text: string;
  readonly plain: string;
  /** Its own, or for the lines of a stack trace that of the line they belong to. */
  readonly level: LineLevel | undefined;
}

/** What is shown; undefined: everything. */
export interface MergedFilter {
  readonly sources: ReadonlySet<string> | undefined;
  /** This level and graver ones. */
  readonly level: LineLevel | undefined;
  /** Part of the line, whatever its case. */
  readonly text: string | undefined;
}

export const noFilter: MergedFilter = { sources: undefined, level: undefined, text: undefined };

export function isShown(line: MergedLine, { sources, level, text }: MergedFilter): boolean {
  if (sources !== undefined && !sources.has(line.source)) return false;
  if (level !== undefined) {
    if (line.level === undefined) return false;
    if (lineLevels.indexOf(line.level) > lineLevels.indexOf(level)) return false;
  }
  return text === undefined || line.plain.toLowerCase().includes(text.toLowerCase());
}

/** Bounds of what is kept to be shown again under another filter. */
const maxLines = 10_000;
const maxCharacters = 4_000_000;

/** The newest lines of all processes, in bounded memory. */
export class MergedLines {
  #lines: MergedLine[] = [];
  #characters = 0;
  /** The level of the last line of each process. */
  readonly #levels = new Map<string, LineLevel | undefined>();

  get all(): readonly MergedLine[] {
    return this.#lines;
  }

  add(source: string, { text, plain, level }: ShapedLine): MergedLine {
    const own = level ?? (isContinuation(plain) ? this.#levels.get(source) : undefined);
    this.#levels.set(source, own);
    const line = { source, text, plain, level: own };
    this.#lines.push(line);
    this.#characters += plain.length + text.length;
    // Now and then, so that a line does not cost the moving of all others.
    if (this.#lines.length > 1.2 * maxLines || this.#characters > 1.2 * maxCharacters) this.#trim();
    return line;
  }

  clear(): void {
    this.#lines = [];
    this.#characters = 0;
  }

  #trim(): void {
    let from = Math.max(0, this.#lines.length - maxLines);
    const weight = ({ plain, text }: MergedLine): number => plain.length + text.length;
    let characters = this.#lines.slice(from).reduce((sum, line) => sum + weight(line), 0);
    for (; characters > maxCharacters; from += 1) {
      const line = this.#lines[from];
      if (line === undefined) break;
      characters -= weight(line);
    }
    this.#lines = this.#lines.slice(from);
    this.#characters = characters;
  }
}

/** The last lines of one log, with the time from which they count when they name none. */
export interface LogEnd {
  readonly source: string;
  readonly startedAtMs: number;
  readonly lines: readonly ShapedLine[];
}

/**
 * The ends of several logs as one, in time order as far as the lines say when they were written. One
 * that does not goes with the line before it.
 */
export function mergeByTime(
  ends: readonly LogEnd[],
): { readonly source: string; readonly line: ShapedLine }[] {
  const timed = ends.flatMap(({ source, startedAtMs, lines }) => {
    let atMs = lines.find((line) => line.timeMs !== undefined)?.timeMs ?? startedAtMs;
    return lines.map((line) => {
      // A clock that was set back does not change the order within a log.
      atMs = Math.max(atMs, line.timeMs ?? atMs);
      return { source, line, atMs };
    });
  });
  return timed.sort((a, b) => a.atMs - b.atMs);
}
