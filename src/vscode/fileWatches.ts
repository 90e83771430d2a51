import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { Emitter } from '../base/emitter.ts';

/** Watches single files, inside the workspace or not, for being written, made or removed. */
export class FileWatches implements vscode.Disposable {
  readonly #watchers = new Map<string, vscode.Disposable>();
  readonly #onDidChange = new Emitter<string>();
  /** Fires with the path of the file. */
  readonly onDidChange = this.#onDidChange.event;

  /** Watches exactly these from now on. */
  setPaths(paths: Iterable<string>): void {
    const wanted = new Set(paths);
    for (const [path, watcher] of this.#watchers) {
      if (wanted.has(path)) continue;
      watcher.dispose();
      this.#watchers.delete(path);
    }
    for (const path of wanted) {
      if (!this.#watchers.has(path)) this.#watchers.set(path, this.#watch(path));
    }
  }

  dispose(): void {
    this.setPaths([]);
    this.#onDidChange.dispose();
  }

  #watch(path: string): vscode.Disposable {
    // In a pattern these characters mean something; `?` matches them as it matches any other.
    const pattern = basename(path).replaceAll(/[*?{}[\]]/g, '?');
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(dirname(path)), pattern),
    );
    const notify = (): void => {
      this.#onDidChange.fire(path);
    };
    watcher.onDidChange(notify);
    watcher.onDidCreate(notify);
    watcher.onDidDelete(notify);
    return watcher;
  }
}
