import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Ignore, Options } from 'ignore';

/** The default export of the package `ignore`, which is loaded on first use. */
export type IgnoreFactory = (options?: Options) => Ignore;

/** The name of the files with patterns. */
export const gitignoreName = '.gitignore';

/**
 * What git would leave out, by the `.gitignore` files from the root of the repository down to the
 * file, and `.git/info/exclude`. Outside of a repository those below `folder` count all the same.
 * Synchronous, since who walks a tree asks so; each file with patterns is read once.
 */
export class GitIgnore {
  /** The root of the repository, or `folder`. */
  readonly root: string;
  readonly #create: IgnoreFactory;
  readonly #byFolder = new Map<string, Ignore | undefined>();

  constructor(folder: string, create: IgnoreFactory) {
    this.root = repositoryRoot(folder) ?? folder;
    this.#create = create;
  }

  /** Files above `folder` whose change matters, and that a walk of `folder` does not come across. */
  filesAbove(folder: string): readonly string[] {
    const files = [path.join(this.root, '.git', 'info', 'exclude')];
    for (let above = folder; above !== this.root && isBelow(above, this.root);) {
      above = path.dirname(above);
      files.push(path.join(above, gitignoreName));
    }
    return files;
  }

  /** Reads the files with patterns again when they are needed next. */
  forget(): void {
    this.#byFolder.clear();
  }

  /** `file` is absolute. What lies outside the root is never ignored. */
  isIgnored(file: string, isFolder: boolean): boolean {
    const relative = path.relative(this.root, file);
    if (relative === '' || !isBelow(file, this.root)) return false;
    const parts = relative.split(path.sep);
    // A folder that is ignored takes all that is in it along, whatever patterns say further down.
    return parts.some((_, depth) => {
      const isLast = depth === parts.length - 1;
      return this.#isIgnoredItself(parts.slice(0, depth + 1), isFolder || !isLast);
    });
  }

  /** The patterns nearest to the file are asked first; the first with an opinion decides. */
  #isIgnoredItself(parts: readonly string[], isFolder: boolean): boolean {
    for (let depth = parts.length - 1; depth >= 0; depth--) {
      const patterns = this.#patterns(path.join(this.root, ...parts.slice(0, depth)));
      if (patterns === undefined) continue;
      const name = parts.slice(depth).join('/');
      const { ignored, unignored } = patterns.test(isFolder ? `${name}/` : name);
      if (ignored || unignored) return ignored;
    }
    return false;
  }

  #patterns(folder: string): Ignore | undefined {
    if (!this.#byFolder.has(folder)) this.#byFolder.set(folder, this.#read(folder));
    return this.#byFolder.get(folder);
  }

  #read(folder: string): Ignore | undefined {
    const own = readIfThere(path.join(folder, gitignoreName));
    const excluded =
      folder === this.root ? readIfThere(path.join(folder, '.git', 'info', 'exclude')) : undefined;
    if (own === undefined && excluded === undefined) return undefined;
    // Later patterns win, and those of the repository win over a person's own.
    return this.#create({ allowRelativePaths: true })
      .add(excluded ?? '')
      .add(own ?? '');
  }
}

function repositoryRoot(folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    // A file in work trees and submodules.
    if (existsSync(path.join(at, '.git'))) return at;
    if (path.dirname(at) === at) return undefined;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Is `file` below `folder`, or the same? */
export function isBelow(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
