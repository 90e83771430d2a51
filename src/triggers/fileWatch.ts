import path from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { errorMessage } from '../base/errors.ts';
import type { FileWatchSpec } from '../config/model.ts';
import { GitIgnore, gitignoreName } from './gitignore.ts';
import { WatchedPaths } from './watchedPaths.ts';

/** What changed since the last time it was told. */
export interface FileChange {
  /** The file that changed first, absolute. */
  readonly file: string;
  /** When it was seen to have changed, in ms since the epoch. */
  readonly atMs: number;
  /** How many files changed, with it. */
  readonly count: number;
}

export interface FileWatchOptions {
  readonly clock: Clock;
  /** Called once the changes have settled, for all of them. */
  readonly onChange: (change: FileChange) => void;
  /** Something cannot be watched. In words. */
  readonly onProblem: (message: string) => void;
}

/** Watches the files that a process names, and says when some have changed. */
export class FileWatch implements Disposable {
  /** Resolves when changes are noticed from now on. Does not reject. */
  readonly ready: Promise<void>;
  readonly #spec: FileWatchSpec;
  readonly #options: FileWatchOptions;
  readonly #ending = new AbortController();
  #opening: Promise<void>;
  #isReopening = false;
  #watcher: FSWatcher | undefined;
  #timer: Disposable | undefined;
  #pending:
    { readonly file: string; readonly atMs: number; readonly files: Set<string> } | undefined;

  constructor(spec: FileWatchSpec, options: FileWatchOptions) {
    this.#spec = spec;
    this.#options = options;
    this.#opening = this.#tryToOpen();
    this.ready = this.#opening;
  }

  dispose(): void {
    this.#ending.abort();
    this.#timer?.dispose();
    void this.#watcher?.close();
  }

  /** What is ignored from now on decides which folders are walked: all is looked at again. */
  #reopen(): void {
    if (this.#isReopening) return;
    this.#isReopening = true;
    this.#opening = this.#opening.then(() => {
      this.#isReopening = false;
      return this.#tryToOpen();
    });
  }

  async #tryToOpen(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      this.#options.onProblem(errorMessage(error));
    }
  }

  async #open(): Promise<void> {
    const [{ watch }, { default: picomatch }, { default: createIgnore }] = await Promise.all([
      import('chokidar'),
      import('picomatch'),
      import('ignore'),
    ]);
    const { signal } = this.#ending;
    if (this.#isClosed()) return;
    const { folder, isGitignoreUsed } = this.#spec;
    const paths = new WatchedPaths(this.#spec, picomatch);
    const git = isGitignoreUsed ? new GitIgnore(folder, createIgnore) : undefined;
    const watcher = watch([...paths.roots(), ...(git?.filesAbove(folder) ?? [])], {
      ignoreInitial: true,
      // A link that leads upwards would have no end.
      followSymlinks: false,
      ignored: (file, stats) => {
        const name = path.normalize(file);
        if (stats === undefined || (git !== undefined && isPatternFile(name))) return false;
        if (git?.isIgnored(name, stats.isDirectory()) === true) return true;
        return stats.isDirectory() ? !paths.isWorthWalking(name) : !paths.isWatched(name);
      },
    });
    watcher.on('error', (error) => {
      this.#options.onProblem(errorMessage(error));
    });
    watcher.on('all', (event, file) => {
      if (signal.aborted || event === 'addDir' || event === 'unlinkDir') return;
      const name = path.normalize(file);
      if (git !== undefined && isPatternFile(name)) this.#reopen();
      // What is gone cannot be asked whether it was a folder.
      else if (paths.isWatched(name) && git?.isIgnored(name, false) !== true) this.#note(name);
    });
    await opened(watcher, signal);
    // The one before goes on until its successor sees everything.
    const before = this.#watcher;
    this.#watcher = watcher;
    await before?.close();
    if (this.#isClosed()) await watcher.close();
  }

  /** A call, since it is asked again after a wait, and the compiler would remember a field. */
  #isClosed(): boolean {
    return this.#ending.signal.aborted;
  }

  #note(file: string): void {
    const { clock, onChange } = this.#options;
    this.#pending ??= { file, atMs: clock.now(), files: new Set() };
    this.#pending.files.add(file);
    this.#timer?.dispose();
    this.#timer = clock.schedule(this.#spec.debounceMs, () => {
      const pending = this.#pending;
      this.#pending = undefined;
      if (pending === undefined || this.#ending.signal.aborted) return;
      const { file: first, atMs, files } = pending;
      onChange({ file: first, atMs, count: files.size });
    });
  }
}

function isPatternFile(file: string): boolean {
  return (
    path.basename(file) === gitignoreName || file.endsWith(path.join('.git', 'info', 'exclude'))
  );
}

/** A watch that fails in part is as open as it gets. */
function opened(watcher: FSWatcher, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    watcher.once('ready', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
