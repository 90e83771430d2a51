import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Clock } from '../base/clock.ts';
import { Debounce } from '../base/debounce.ts';
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
  /** Called once the changes have settled, for all of them; now and then if they never do. */
  readonly onChange: (change: FileChange) => void;
  /** Something cannot be watched, in words; undefined when all of it is again. */
  readonly onProblem: (message: string | undefined) => void;
}

/** What could not be watched is tried again, at first after so many ms, in the end so seldom. */
const firstRetryMs = 10_000;
const maxRetryMs = 300_000;

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
  readonly #settled: Debounce;
  #retry: Disposable | undefined;
  #retryMs = firstRetryMs;
  #hasProblem = false;
  #pending:
    { readonly file: string; readonly atMs: number; readonly files: Set<string> } | undefined;

  constructor(spec: FileWatchSpec, options: FileWatchOptions) {
    this.#spec = spec;
    this.#options = options;
    this.#settled = new Debounce(options.clock, spec.debounceMs, () => this.#tell());
    this.#opening = this.#tryToOpen();
    this.ready = this.#opening;
  }

  dispose(): void {
    this.#ending.abort();
    this.#settled.dispose();
    this.#retry?.dispose();
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
      this.#onError(error);
    }
  }

  #onError(error: unknown): void {
    if (this.#isClosed()) return;
    this.#hasProblem = true;
    this.#options.onProblem(errorMessage(error));
    this.#retry ??= this.#options.clock.schedule(this.#retryMs, () => {
      this.#retry = undefined;
      this.#retryMs = Math.min(2 * this.#retryMs, maxRetryMs);
      this.#reopen();
    });
  }

  #onWell(): void {
    this.#retry?.dispose();
    this.#retry = undefined;
    this.#retryMs = firstRetryMs;
    if (!this.#hasProblem) return;
    this.#hasProblem = false;
    this.#options.onProblem(undefined);
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
    const gitFiles = git?.filesAbove(folder) ?? [];
    const there = new Set(gitFiles.filter((file) => existsSync(file)));
    const watcher = watch([...paths.roots(), ...there], {
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
    const errors: unknown[] = [];
    watcher.on('error', (error) => {
      errors.push(error);
      this.#onError(error);
    });
    watcher.on('all', (event, file) => {
      if (signal.aborted || event === 'addDir' || event === 'unlinkDir') return;
      const name = path.normalize(file);
      if (git !== undefined && isPatternFile(name)) this.#reopen();
      // What is gone cannot be asked whether it was a folder.
      else if (paths.isWatched(name) && git?.isIgnored(name, false) !== true) this.#note(name);
    });
    await opened(watcher, signal);
    // Only now: chokidar counts what is not there twice, and would be ready before all is walked.
    if (!this.#isClosed()) watcher.add(gitFiles.filter((file) => !there.has(file)));
    // The one before goes on until its successor sees everything.
    const before = this.#watcher;
    this.#watcher = watcher;
    await before?.close();
    if (this.#isClosed()) await watcher.close();
    else if (errors.length === 0) this.#onWell();
  }

  /** A call, since it is asked again after a wait, and the compiler would remember a field. */
  #isClosed(): boolean {
    return this.#ending.signal.aborted;
  }

  #note(file: string): void {
    this.#pending ??= { file, atMs: this.#options.clock.now(), files: new Set() };
    this.#pending.files.add(file);
    this.#settled.note();
  }

  #tell(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined || this.#isClosed()) return;
    const { file, atMs, files } = pending;
    this.#options.onChange({ file, atMs, count: files.size });
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
