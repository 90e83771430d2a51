import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { SharedPoll } from '../store/sharedPoll.ts';

/** Network and container mounts may give no notifications, and do not say so. */
const safetyPoll = new SharedPoll(3000);

/** Time stamps of files are coarser than the clock. */
const timestampSlackMs = 20;

/** A file as it was seen last; undefined for one that is not there. */
type Signature = string | undefined;

/**
 * Watches single files, wherever they are, for being written, made or removed. Not by the editor's
 * own watchers, which take a while until they watch what is outside the workspace, and do not tell
 * when they do.
 */
export class FileWatches implements Disposable {
  readonly #signatures = new Map<string, Signature>();
  readonly #folders = new Map<string, FSWatcher>();
  readonly #safety = safetyPoll.add(() => this.#look());
  readonly #onDidChange = new Emitter<string>();
  #isDisposed = false;
  /** Fires with the path of the file. */
  readonly onDidChange = this.#onDidChange.event;

  /**
   * Watches exactly these from now on. What is new among them is told as changed if it was written
   * after `sinceMs`: for files that were read before they were watched.
   */
  async setPaths(paths: readonly string[], sinceMs = Number.POSITIVE_INFINITY): Promise<void> {
    const wanted = new Set(paths);
    for (const path of this.#signatures.keys()) {
      if (!wanted.has(path)) this.#signatures.delete(path);
    }
    this.#watchFolders(new Set(paths.map((path) => dirname(path))));
    const added = paths.filter((path) => !this.#signatures.has(path));
    for (const path of added) this.#signatures.set(path, undefined);
    await Promise.all(
      added.map(async (path) => {
        const seen = await look(path);
        if (!this.#signatures.has(path)) return;
        this.#signatures.set(path, seen.signature);
        if (seen.writtenMs > sinceMs - timestampSlackMs) this.#onDidChange.fire(path);
      }),
    );
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#safety.dispose();
    this.#watchFolders(new Set());
    this.#signatures.clear();
    this.#onDidChange.dispose();
  }

  /** Folders, not files: most editors replace a file when they save it. */
  #watchFolders(wanted: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#folders) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    if (this.#isDisposed) return;
    for (const folder of wanted) if (!this.#folders.has(folder)) this.#watchFolder(folder);
  }

  #watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_kind, name) => {
        this.#look(name ?? undefined);
      });
      watcher.on('error', () => {
        watcher.close();
        this.#folders.delete(folder);
      });
      this.#folders.set(folder, watcher);
    } catch {
      // Not there, or the system is out of watches: the safety poll has to do.
    }
  }

  /** Looks at the files of this name, or at all. */
  #look(name?: string): void {
    for (const path of this.#signatures.keys()) {
      if (name === undefined || basename(path) === name) void this.#compare(path);
    }
  }

  async #compare(path: string): Promise<void> {
    const { signature } = await look(path);
    if (!this.#signatures.has(path) || this.#signatures.get(path) === signature) return;
    this.#signatures.set(path, signature);
    this.#onDidChange.fire(path);
  }
}

async function look(path: string): Promise<{ signature: Signature; writtenMs: number }> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return { signature: undefined, writtenMs: Number.NEGATIVE_INFINITY };
  const { mtimeMs, size, ino } = stats;
  return { signature: `${mtimeMs} ${size} ${ino}`, writtenMs: mtimeMs };
}
