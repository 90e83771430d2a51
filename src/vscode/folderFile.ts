import type * as vscode from 'vscode';
import { systemClock } from '../base/clock.ts';
import { Debounce } from '../base/debounce.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { type LoadResult, loadConfig, maxConfigBytes } from '../config/load.ts';
import { candidatePaths, firstFile, readTextUpTo } from '../config/locateConfig.ts';
import { FileWatches } from './fileWatches.ts';
import type { FolderState } from './folderState.ts';
import { SerialTask } from './serialTask.ts';
import { configFileSetting, onDidChangeSetting } from './settings.ts';

/** Editors write in several steps; this long after the last one the file is read, in ms. */
const settleMs = 50;

export interface FolderFileOptions {
  readonly folder: vscode.WorkspaceFolder;
  /** Keeps the ports that were given out. */
  readonly state: FolderState;
  /** Takes over what was read, undefined for a file that is gone; the next reading waits for it. */
  readonly take: (result: LoadResult | undefined) => Promise<void>;
  /** The file could not be read, or what it says not be taken over. */
  readonly onError: (error: unknown) => void;
}

/** The file of one workspace folder: where it is, and what it says, read again when it changes. */
export class FolderFile implements Disposable {
  readonly #options: FolderFileOptions;
  readonly #store = new DisposableStore();
  readonly #watches = this.#store.add(new FileWatches());
  readonly #reload = new SerialTask(() => this.#load());
  readonly #settled = this.#store.add(
    new Debounce(systemClock, settleMs, () => void this.reload()),
  );
  #path: string | undefined;
  #result: LoadResult | undefined;
  #autoPorts: ReadonlySet<string> = new Set();

  readonly #onDidLoad = this.#store.add(new Emitter<LoadResult | undefined>());
  /** It was read again, and is about to be taken over; undefined when it is gone. */
  readonly onDidLoad = this.#onDidLoad.event;

  constructor(options: FolderFileOptions) {
    this.#options = options;
    this.#store.add(this.#watches.onDidChange(() => this.#settled.note()));
    this.#store.add(onDidChangeSetting('devEnv.configFile', () => void this.reload()));
  }

  /** Where it is or was; undefined when there has been none. */
  get path(): string | undefined {
    return this.#path;
  }

  /** What it says, good or not. */
  get result(): LoadResult | undefined {
    return this.#result;
  }

  /** Does it leave the choice of the port of this process to us (`port: auto`)? */
  hasAutoPort(name: string): boolean {
    return this.#autoPorts.has(name);
  }

  /** Reads it again, and has it taken over. Does not reject: `onError` is told. */
  async reload(): Promise<void> {
    this.#settled.cancel();
    try {
      await this.#reload.request();
    } catch (error) {
      this.#options.onError(error);
    }
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #load(): Promise<void> {
    const { folder, take } = this.#options;
    const candidates = candidatePaths(folder.uri.fsPath, configFileSetting(folder));
    const sinceMs = Date.now();
    // Before anything is read, so that no change falls between.
    await this.#watches.setPaths([...candidates, ...(this.#result?.otherFiles ?? [])]);
    const path = await firstFile(candidates);
    if (this.#isClosed()) return;
    if (path === undefined) this.#result = undefined;
    else {
      const { result, autoPorts } = await this.#read(path);
      if (this.#isClosed()) return;
      this.#path = path;
      this.#result = result;
      this.#autoPorts = autoPorts;
      await this.#watches.setPaths([...candidates, ...result.otherFiles], sinceMs);
      if (this.#isClosed()) return;
    }
    this.#onDidLoad.fire(this.#result);
    await take(this.#result);
  }

  async #read(configPath: string): Promise<{ result: LoadResult; autoPorts: Set<string> }> {
    const { folder, state } = this.#options;
    const text = await readTextUpTo(configPath, maxConfigBytes + 1);
    const ports = await state.ports();
    const autoPorts = new Set<string>();
    const result = await loadConfig({
      text,
      configPath,
      folder: folder.uri.fsPath,
      hostEnv: process.env,
      assignPort: (name) => {
        autoPorts.add(name);
        return ports.assign(name);
      },
    });
    return { result, autoPorts };
  }

  /** A call, since it is asked again after every wait, and the compiler would remember a field. */
  #isClosed(): boolean {
    return this.#store.isDisposed;
  }
}
