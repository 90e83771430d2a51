import { existsSync } from 'node:fs';
import path from 'node:path';
import type picomatch from 'picomatch';
import type { FileWatchSpec } from '../config/model.ts';
import { isBelow } from './gitignore.ts';

/** The package `picomatch`, which is loaded on first use. */
export type Picomatch = typeof picomatch;

/** Never walked: they are large, and what changes in them is not source. */
const neverWalked: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules']);

interface Pattern {
  /** The folder or file before the first wildcard. Absolute. */
  readonly base: string;
  /** How many levels below `base` it can match. */
  readonly depth: number;
  readonly matches: (relative: string) => boolean;
}

/**
 * Which files and folders the globs of a watch mean. A name without a wildcard means the file, or the
 * folder with everything in it. What is to be ignored and has no slash is meant at any depth. Knows
 * names only, and not what git ignores.
 */
export class WatchedPaths {
  readonly #paths: readonly Pattern[];
  readonly #ignored: readonly Pattern[];

  constructor({ folder, paths, ignore }: Omit<FileWatchSpec, 'debounceMs'>, match: Picomatch) {
    const read = (glob: string, dot: boolean): Pattern => readPattern(glob, folder, match, dot);
    this.#paths = paths.map((glob) => read(glob, false));
    this.#ignored = ignore.map((glob) => read(glob.includes('/') ? glob : `**/${glob}`, true));
  }

  /** The folders (or files) to watch: none of them is in another one. They are there. */
  roots(): readonly string[] {
    const bases = this.#paths.map(({ base }) => nearestThere(base)).sort();
    return bases.filter(
      (base, at) => !bases.slice(0, at).some((earlier) => isBelow(base, earlier)),
    );
  }

  /** Can there be something below this folder, or at this place? */
  isWorthWalking(folder: string): boolean {
    if (neverWalked.has(path.basename(folder)) || this.#isIgnored(folder)) return false;
    return this.#paths.some(({ base, depth }) => {
      if (isBelow(base, folder)) return true;
      return isBelow(folder, base) && levels(path.relative(base, folder)) < depth;
    });
  }

  isWatched(file: string): boolean {
    return this.#paths.some((pattern) => isMatch(pattern, file)) && !this.#isIgnored(file);
  }

  #isIgnored(file: string): boolean {
    return this.#ignored.some((pattern) => isMatch(pattern, file));
  }
}

function readPattern(glob: string, folder: string, match: Picomatch, dot: boolean): Pattern {
  const { base: literal, glob: rest } = match.scan(glob.replace(/\/+$/, ''));
  // `scan` leaves the backslashes that take the meaning of a wildcard away.
  const base = path.resolve(folder, literal.replaceAll(/\\(.)/g, '$1'));
  if (rest === '') return { base, depth: Number.POSITIVE_INFINITY, matches: () => true };
  return {
    base,
    depth: rest.includes('**') ? Number.POSITIVE_INFINITY : rest.split('/').length,
    matches: match(rest, { dot }),
  };
}

function isMatch({ base, matches }: Pattern, file: string): boolean {
  return isBelow(file, base) && matches(path.relative(base, file).split(path.sep).join('/'));
}

function levels(relative: string): number {
  return relative === '' ? 0 : relative.split(path.sep).length;
}

function nearestThere(file: string): string {
  let at = file;
  while (!existsSync(at) && path.dirname(at) !== at) at = path.dirname(at);
  return at;
}
