import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { errorMessage } from '../base/errors.ts';
import { type LoadResult, loadConfig, maxConfigBytes } from '../config/load.ts';
import type { EnvironmentModel } from '../config/model.ts';
import { Environment } from '../controller/environment.ts';
import type {
  EnvironmentChange,
  FailureEvent,
  ModelChange,
  RunEvent,
} from '../controller/snapshot.ts';
import { openStateFolder } from '../store/stateFolder.ts';
import { FileWatches } from './fileWatches.ts';
import { candidatePaths, firstFile, readTextUpTo } from './locateConfig.ts';
import { isActive } from './processFacts.ts';
import { SerialTask } from './serialTask.ts';
import { configFileSetting, onDidChangeSetting } from './settings.ts';

/**
 * Where a folder stands. `missing`: no file; `invalid`: the file has errors (an environment from
 * its last good version may be running all the same); `ready`: good, and running where trusted.
 */
export type FolderStatus = 'loading' | 'missing' | 'invalid' | 'ready';

/** A good version of the file was taken over. */
export interface ModelEvent {
  readonly change: ModelChange;
  /** The folder was opened with this file in it, as opposed to the file being made or edited since. */
  readonly isOpening: boolean;
}

/** Editors write in several steps; this long after the last one the file is read. */
const settleMs = 50;

/**
 * An extension host that ends gets about five seconds (vscode#47881). What has not stopped in order
 * by then is killed, so that nothing is left behind.
 */
const closePatienceMs = 3500;

/** The environment of one workspace folder, kept in step with its file. */
export class FolderEnvironment implements Disposable {
  readonly folder: vscode.WorkspaceFolder;
  readonly #log: vscode.LogOutputChannel;
  readonly #store = new DisposableStore();
  readonly #watches = this.#store.add(new FileWatches());
  readonly #reload = new SerialTask(() => this.#load());
  #settleTimer: NodeJS.Timeout | undefined;
  #status: FolderStatus = 'loading';
  #configPath: string | undefined;
  #result: LoadResult | undefined;
  #controller: Environment | undefined;
  #links: Disposable | undefined;
  #isOpening = true;

  readonly #onDidChangeStatus = this.#store.add(new Emitter<void>());
  readonly #onDidLoad = this.#store.add(new Emitter<LoadResult | undefined>());
  readonly #onDidTakeModel = this.#store.add(new Emitter<ModelEvent>());
  readonly #onDidChange = this.#store.add(new Emitter<EnvironmentChange>());
  readonly #onDidRun = this.#store.add(new Emitter<RunEvent>());
  readonly #onDidFail = this.#store.add(new Emitter<FailureEvent>());

  /** The status, the file's place, or the presence of a controller changed. */
  readonly onDidChangeStatus = this.#onDidChangeStatus.event;
  /** The file on disk was read again; undefined when it is gone. */
  readonly onDidLoad = this.#onDidLoad.event;
  readonly onDidTakeModel = this.#onDidTakeModel.event;
  readonly onDidChange = this.#onDidChange.event;
  readonly onDidRun = this.#onDidRun.event;
  readonly onDidFail = this.#onDidFail.event;

  constructor(folder: vscode.WorkspaceFolder, log: vscode.LogOutputChannel) {
    this.folder = folder;
    this.#log = log;
    this.#store.add(this.#watches.onDidChange(() => this.#reloadSoon()));
    this.#store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void this.reload()));
    this.#store.add(onDidChangeSetting('devEnv.configFile', () => void this.reload()));
    this.#store.add({ dispose: () => clearTimeout(this.#settleTimer) });
  }

  get status(): FolderStatus {
    return this.#status;
  }

  /** Where the file is or was; undefined when there has been none. */
  get configPath(): string | undefined {
    return this.#configPath;
  }

  /** What the file on disk says, good or not. */
  get result(): LoadResult | undefined {
    return this.#result;
  }

  /** There in trusted workspaces only, and once the file was good. */
  get controller(): Environment | undefined {
    return this.#controller;
  }

  /** Reads the file again. Does not reject: what goes wrong is the status, or is logged. */
  async reload(): Promise<void> {
    clearTimeout(this.#settleTimer);
    try {
      await this.#reload.request();
    } catch (error) {
      this.#log.error(error instanceof Error ? error : errorMessage(error));
      void vscode.window.showErrorMessage(errorMessage(error));
      this.#setStatus('invalid');
    }
  }

  /** Stops everything, in order, for the closing of the window or of the folder. */
  async close(): Promise<void> {
    this.#store.dispose();
    const controller = this.#controller;
    this.#controller = undefined;
    if (controller === undefined) return;
    const patience = setTimeout(() => {
      void controller.stop(undefined, { by: 'close', force: true });
    }, closePatienceMs);
    await controller.stop(undefined, { by: 'close' });
    clearTimeout(patience);
    await controller.flush();
    controller.dispose();
  }

  dispose(): void {
    void this.close();
  }

  #reloadSoon(): void {
    clearTimeout(this.#settleTimer);
    this.#settleTimer = setTimeout(() => void this.reload(), settleMs);
  }

  async #load(): Promise<void> {
    const folder = this.folder.uri.fsPath;
    const candidates = candidatePaths(folder, configFileSetting(this.folder));
    const sinceMs = Date.now();
    // Before anything is read, so that no change falls between.
    await this.#watches.setPaths([...candidates, ...(this.#result?.envFiles ?? [])]);
    const configPath = await firstFile(candidates);
    if (this.#isClosed()) return;
    if (configPath === undefined) {
      this.#takeMissing();
      return;
    }
    const text = await readTextUpTo(configPath, maxConfigBytes + 1);
    const result = await loadConfig({ text, configPath, folder, hostEnv: process.env });
    if (this.#isClosed()) return;
    this.#configPath = configPath;
    this.#result = result;
    await this.#watches.setPaths([...candidates, ...result.envFiles], sinceMs);
    if (this.#isClosed()) return;
    this.#onDidLoad.fire(result);
    if (result.model !== undefined) await this.#takeModel(result.model);
    else this.#setStatus('invalid');
  }

  /** An environment that still runs is kept: the file may be on its way back, as in a checkout. */
  #takeMissing(): void {
    this.#result = undefined;
    this.#isOpening = false;
    this.#onDidLoad.fire(undefined);
    this.#dropIfIdle();
    this.#setStatus('missing');
  }

  async #takeModel(model: EnvironmentModel): Promise<void> {
    if (this.#controller !== undefined) {
      const change = this.#controller.setModel(model);
      this.#setStatus('ready');
      this.#onDidTakeModel.fire({ change, isOpening: false });
      return;
    }
    if (!vscode.workspace.isTrusted) {
      this.#setStatus('ready');
      return;
    }
    const stateFolder = await openStateFolder(model.folder);
    if (this.#isClosed()) return;
    const controller = new Environment({
      model,
      stateFolder,
      hostEnv: process.env,
      onWriteError: (message) => this.#log.warn(message),
    });
    // Before anything can happen, so that nothing is missed.
    this.#connect(controller);
    for (const { path, fault } of await controller.recover()) {
      this.#log.warn(vscode.l10n.t('The run record {0} was set aside: {1}', path, fault));
    }
    if (this.#isClosed()) return;
    const isOpening = this.#isOpening;
    this.#isOpening = false;
    this.#setStatus('ready');
    const added = model.processes.map((process) => process.name);
    this.#onDidTakeModel.fire({ change: { added, removed: [], changed: [] }, isOpening });
  }

  #connect(controller: Environment): void {
    this.#controller = controller;
    const links = this.#store.add(new DisposableStore());
    this.#links = links;
    links.add(controller.onDidRun((run) => this.#onDidRun.fire(run)));
    links.add(controller.onDidFail((failure) => this.#onDidFail.fire(failure)));
    links.add(
      controller.onDidChange((change) => {
        this.#onDidChange.fire(change);
        if (this.#status === 'missing') this.#dropIfIdle();
      }),
    );
  }

  /** An environment whose file is gone is kept for as long as something of it runs. */
  #dropIfIdle(): void {
    const controller = this.#controller;
    if (controller === undefined || controller.processes().some(isActive)) return;
    if (this.#links !== undefined) this.#store.release(this.#links);
    this.#controller = undefined;
    controller.dispose();
    this.#onDidChangeStatus.fire();
  }

  /** A call, since it is asked again after every wait, and the compiler would remember a field. */
  #isClosed(): boolean {
    return this.#store.isDisposed;
  }

  #setStatus(status: FolderStatus): void {
    this.#status = status;
    this.#onDidChangeStatus.fire();
  }
}
