import * as vscode from 'vscode';
import { systemClock } from '../base/clock.ts';
import { Debounce } from '../base/debounce.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { errorMessage } from '../base/errors.ts';
import { type LoadResult, loadConfig, maxConfigBytes } from '../config/load.ts';
import type { EnvironmentModel } from '../config/model.ts';
import { EnvironmentSeat } from '../controller/environmentSeat.ts';
import type { EnvironmentSession } from '../controller/environmentSession.ts';
import { modelOfRecords } from '../controller/recovery.ts';
import type { SecretSource } from '../controller/secretSource.ts';
import type {
  EnvironmentChange,
  EnvironmentController,
  FailureEvent,
  ModelChange,
  RunEvent,
} from '../controller/snapshot.ts';
import { FolderState } from './folderState.ts';
import { FileWatches } from './fileWatches.ts';
import { candidatePaths, firstFile, readTextUpTo } from '../config/locateConfig.ts';
import { isActive } from './processFacts.ts';
import type { Profiles } from './profiles.ts';
import { SerialTask } from './serialTask.ts';
import { serveEnvironment } from './serveEnvironment.ts';
import { startReaper } from './startReaper.ts';
import { configFileSetting, onDidChangeSetting, onWindowCloseSetting } from './settings.ts';

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
  /** Another host had the environment a moment ago, or something of it runs. */
  readonly isContinuation: boolean;
}

const noChange: ModelChange = { added: [], removed: [], changed: [] };

/** Editors write in several steps; this long after the last one the file is read, in ms. */
const settleMs = 50;

/** How long another window is waited for that was asked for the environment. */
const takeOverTimeoutMs = 10_000;

/** The environment of one workspace folder, kept in step with its file. */
export class FolderEnvironment implements Disposable {
  readonly folder: vscode.WorkspaceFolder;
  readonly #log: vscode.LogOutputChannel;
  readonly #profiles: Profiles | undefined;
  readonly #secrets: SecretSource | undefined;
  readonly #state: FolderState;
  readonly #store = new DisposableStore();
  readonly #watches = this.#store.add(new FileWatches());
  readonly #reload = new SerialTask(() => this.#load());
  readonly #settled = this.#store.add(
    new Debounce(systemClock, settleMs, () => void this.reload()),
  );
  #status: FolderStatus = 'loading';
  #configPath: string | undefined;
  #result: LoadResult | undefined;
  #seat: EnvironmentSeat | undefined;
  #controller: EnvironmentController | undefined;
  #links: Disposable | undefined;
  #autoPorts: ReadonlySet<string> = new Set();
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

  constructor(
    folder: vscode.WorkspaceFolder,
    log: vscode.LogOutputChannel,
    profiles?: Profiles,
    secrets?: SecretSource,
  ) {
    this.folder = folder;
    this.#log = log;
    this.#profiles = profiles;
    this.#secrets = secrets;
    if (profiles !== undefined) this.#store.add(profiles.onDidChange(() => void this.reload()));
    this.#state = new FolderState(folder.uri.fsPath, (message) => log.warn(message));
    this.#store.add(this.#watches.onDidChange(() => this.#settled.note()));
    this.#store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void this.reload()));
    this.#store.add(onDidChangeSetting('devEnv.configFile', () => void this.reload()));
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
  get controller(): EnvironmentController | undefined {
    return this.#controller;
  }

  /** Reads the file again. Does not reject: what goes wrong is the status, or is logged. */
  async reload(): Promise<void> {
    this.#settled.cancel();
    try {
      await this.#reload.request();
    } catch (error) {
      this.#log.error(error instanceof Error ? error : errorMessage(error));
      void vscode.window.showErrorMessage(errorMessage(error));
      this.#setStatus('invalid');
    }
  }

  /** Who runs the environment, when another window does. */
  get owner(): string | undefined {
    return this.#seat?.owner;
  }

  /** Where the state of the environment is kept; undefined until it is needed. */
  get statePath(): string | undefined {
    return this.#state.path;
  }

  /** Does the file leave the choice of the port of this process to us (`port: auto`)? */
  hasAutoPort(name: string): boolean {
    return this.#autoPorts.has(name);
  }

  /** Gives a process with `port: auto` another port than before, and takes that over. */
  async reassignPort(name: string): Promise<void> {
    await (await this.#state.ports()).reassign(name);
    await this.reload();
  }

  /** Asks the window that runs the environment to hand it over. */
  async takeOver(): Promise<void> {
    if ((await this.#seat?.takeOver(takeOverTimeoutMs)) !== false) return;
    void vscode.window.showWarningMessage(
      vscode.l10n.t('{0} did not hand over {1}.', this.owner ?? '?', this.folder.name),
    );
  }

  /** For the closing of the folder: stops everything, in order. */
  async close(): Promise<void> {
    if (this.owner === undefined) await this.#controller?.stop(undefined, { by: 'close' });
    await this.#getUp();
  }

  /**
   * For the end of the extension host, which may be a reload or the closing of the window: nothing
   * is stopped here; unless a host comes back soon, the reaper does it.
   */
  async leave(): Promise<void> {
    const environment = this.#seat?.session?.environment;
    const statePath = this.#state.path;
    const isActiveHere = environment?.processes().some(isActive) === true;
    if (isActiveHere && statePath !== undefined && onWindowCloseSetting() === 'stop') {
      const { fsPath: folder } = this.folder.uri;
      const secrets = environment.secretsToStop();
      startReaper({ folder, configPath: this.#configPath ?? '', statePath, secrets }, this.#log);
    }
    await this.#getUp();
  }

  async #getUp(): Promise<void> {
    this.#store.dispose();
    this.#controller = undefined;
    const seat = this.#seat;
    this.#seat = undefined;
    await seat?.leave();
  }

  dispose(): void {
    void this.close();
  }

  async #load(): Promise<void> {
    const folder = this.folder.uri.fsPath;
    const candidates = candidatePaths(folder, configFileSetting(this.folder));
    const sinceMs = Date.now();
    // Before anything is read, so that no change falls between.
    await this.#watches.setPaths([...candidates, ...(this.#result?.otherFiles ?? [])]);
    const configPath = await firstFile(candidates);
    if (this.#isClosed()) return;
    if (configPath === undefined) {
      await this.#takeMissing();
      return;
    }
    const text = await readTextUpTo(configPath, maxConfigBytes + 1);
    const ports = await this.#state.ports();
    const autoPorts = new Set<string>();
    const result = await loadConfig({
      text,
      configPath,
      folder,
      hostEnv: process.env,
      assignPort: (name) => {
        autoPorts.add(name);
        return ports.assign(name);
      },
    });
    if (this.#isClosed()) return;
    this.#configPath = configPath;
    this.#result = result;
    this.#autoPorts = autoPorts;
    await this.#watches.setPaths([...candidates, ...result.otherFiles], sinceMs);
    if (this.#isClosed()) return;
    this.#onDidLoad.fire(result);
    if (result.model !== undefined) await this.#takeModel(result.model);
    else {
      this.#isOpening = false;
      await this.#takeUpWithoutFile(configPath);
      this.#setStatus('invalid');
    }
  }

  /** An environment that still runs is kept: the file may be on its way back, as in a checkout. */
  async #takeMissing(): Promise<void> {
    this.#result = undefined;
    this.#isOpening = false;
    this.#onDidLoad.fire(undefined);
    await this.#takeUpWithoutFile('');
    this.#dropIfIdle();
    this.#setStatus('missing');
  }

  async #takeModel(written: EnvironmentModel): Promise<void> {
    const model = this.#profiles?.apply(this.folder, written) ?? written;
    if (this.#seat !== undefined) {
      const change = this.#seat.setModel(model) ?? noChange;
      this.#setStatus('ready');
      this.#onDidTakeModel.fire({ change, isOpening: false, isContinuation: true });
      return;
    }
    if (vscode.workspace.isTrusted) await this.#sit(model);
    if (!this.#isClosed()) this.#setStatus('ready');
  }

  /** What an earlier host left running is taken up even if the file has gone or broken since. */
  async #takeUpWithoutFile(configPath: string): Promise<void> {
    if (this.#seat !== undefined || !vscode.workspace.isTrusted) return;
    const folder = this.folder.uri.fsPath;
    const model = await modelOfRecords(await this.#state.open(), folder, configPath);
    if (model.processes.length === 0 || this.#isClosed()) return;
    await this.#sit(model);
    this.#dropIfIdle();
  }

  async #sit(model: EnvironmentModel): Promise<void> {
    const stateFolder = await this.#state.open();
    const seat = new EnvironmentSeat({
      model,
      stateFolder,
      hostEnv: process.env,
      label: vscode.l10n.t('another VS Code window (extension host {0})', process.pid),
      onWriteError: (message) => this.#log.warn(message),
      secrets: this.#secrets,
      attach: serveEnvironment(stateFolder),
      onController: (controller) => this.#connect(controller),
    });
    if (this.#isClosed()) return;
    this.#seat = seat;
    this.#store.add(seat.onDidOwn(({ session }) => this.#onOwned(session)));
    this.#store.add(seat.onDidHandOver(({ by }) => this.#onHandedOver(by)));
    try {
      await seat.sit();
    } catch (error) {
      // The next reading of the file tries again.
      this.#seat = undefined;
      await seat.leave();
      throw error;
    }
  }

  #onOwned({ environment, isContinuation, problems }: EnvironmentSession): void {
    for (const { path, fault } of problems) {
      this.#log.warn(vscode.l10n.t('The run record {0} was set aside: {1}', path, fault));
    }
    const isOpening = this.#isOpening;
    this.#isOpening = false;
    this.#setStatus(this.#status === 'loading' ? 'ready' : this.#status);
    const added = environment.model.processes.map((process) => process.name);
    this.#onDidTakeModel.fire({ change: { ...noChange, added }, isOpening, isContinuation });
  }

  #onHandedOver(by: string): void {
    this.#onDidChangeStatus.fire();
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} is now run by {1}.', this.folder.name, by),
    );
  }

  #connect(controller: EnvironmentController): void {
    if (this.#links !== undefined) this.#store.release(this.#links);
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
    this.#onDidChangeStatus.fire();
  }

  /** An environment whose file is gone is kept for as long as something of it runs. */
  #dropIfIdle(): void {
    const controller = this.#controller;
    if (controller === undefined || controller.processes().some(isActive)) return;
    if (this.#links !== undefined) this.#store.release(this.#links);
    this.#links = undefined;
    this.#controller = undefined;
    void this.#seat?.leave();
    this.#seat = undefined;
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
