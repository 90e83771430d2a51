import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { errorMessage } from '../base/errors.ts';
import type { LoadResult } from '../config/load.ts';
import type { EnvironmentModel } from '../config/model.ts';
import type { EnvironmentSession } from '../controller/environmentSession.ts';
import type { SecretSource } from '../controller/secretSource.ts';
import type {
  EnvironmentChange,
  EnvironmentController,
  FailureEvent,
  ModelChange,
  RunEvent,
} from '../controller/snapshot.ts';
import { FolderFile } from './folderFile.ts';
import { FolderSeat } from './folderSeat.ts';
import { FolderState } from './folderState.ts';
import { isActive } from './processFacts.ts';
import type { Profiles } from './profiles.ts';
import { onWindowCloseSetting } from './settings.ts';
import { startReaper } from './startReaper.ts';

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

/** The environment of one workspace folder, kept in step with its file. */
export class FolderEnvironment implements Disposable {
  readonly folder: vscode.WorkspaceFolder;
  readonly #log: vscode.LogOutputChannel;
  readonly #profiles: Profiles | undefined;
  readonly #state: FolderState;
  readonly #file: FolderFile;
  readonly #seat: FolderSeat;
  readonly #store = new DisposableStore();
  #status: FolderStatus = 'loading';
  #isOpening = true;

  readonly #onDidChangeStatus = this.#store.add(new Emitter<void>());
  readonly #onDidTakeModel = this.#store.add(new Emitter<ModelEvent>());
  readonly #onDidChange = this.#store.add(new Emitter<EnvironmentChange>());

  /** The status, the file's place, or the presence of a controller changed. */
  readonly onDidChangeStatus = this.#onDidChangeStatus.event;
  /** The file on disk was read again; undefined when it is gone. */
  readonly onDidLoad: Event<LoadResult | undefined>;
  readonly onDidTakeModel = this.#onDidTakeModel.event;
  readonly onDidChange = this.#onDidChange.event;
  readonly onDidRun: Event<RunEvent>;
  readonly onDidFail: Event<FailureEvent>;

  constructor(
    folder: vscode.WorkspaceFolder,
    log: vscode.LogOutputChannel,
    profiles?: Profiles,
    secrets?: SecretSource,
  ) {
    this.folder = folder;
    this.#log = log;
    this.#profiles = profiles;
    const state = new FolderState(folder.uri.fsPath, (message) => log.warn(message));
    this.#state = state;
    this.#file = new FolderFile({
      folder,
      state,
      take: (result) => this.#take(result),
      onError: (error) => this.#onError(error),
    });
    this.#seat = new FolderSeat({ folder, state, log, secrets });
    this.onDidLoad = this.#file.onDidLoad;
    this.onDidRun = this.#seat.onDidRun;
    this.onDidFail = this.#seat.onDidFail;
    this.#store.add(this.#file);
    this.#store.add(this.#seat.onDidSwitch(() => this.#onDidChangeStatus.fire()));
    this.#store.add(this.#seat.onDidOwn((session) => this.#onOwned(session)));
    this.#store.add(this.#seat.onDidHandOver(({ by }) => this.#onHandedOver(by)));
    this.#store.add(this.#seat.onDidChange((change) => this.#onChanged(change)));
    if (profiles !== undefined) this.#store.add(profiles.onDidChange(() => void this.reload()));
    this.#store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void this.reload()));
  }

  get status(): FolderStatus {
    return this.#status;
  }

  /** Where the file is or was; undefined when there has been none. */
  get configPath(): string | undefined {
    return this.#file.path;
  }

  /** What the file on disk says, good or not. */
  get result(): LoadResult | undefined {
    return this.#file.result;
  }

  /** There in trusted workspaces only, and once the file was good. */
  get controller(): EnvironmentController | undefined {
    return this.#seat.controller;
  }

  /** Who runs the environment, when another window does. */
  get owner(): string | undefined {
    return this.#seat.owner;
  }

  /** Where the state of the environment is kept; undefined until it is needed. */
  get statePath(): string | undefined {
    return this.#state.path;
  }

  /** Reads the file again. Does not reject: what goes wrong is the status, or is logged. */
  reload(): Promise<void> {
    return this.#file.reload();
  }

  /** Does the file leave the choice of the port of this process to us (`port: auto`)? */
  hasAutoPort(name: string): boolean {
    return this.#file.hasAutoPort(name);
  }

  /** Gives a process with `port: auto` another port than before, and takes that over. */
  async reassignPort(name: string): Promise<void> {
    await (await this.#state.ports()).reassign(name);
    await this.reload();
  }

  /** Asks the window that runs the environment to hand it over. */
  async takeOver(): Promise<void> {
    if (await this.#seat.takeOver()) return;
    void vscode.window.showWarningMessage(
      vscode.l10n.t('{0} did not hand over {1}.', this.owner ?? '?', this.folder.name),
    );
  }

  /** For the closing of the folder: stops everything, in order. */
  async close(): Promise<void> {
    if (this.owner === undefined) await this.controller?.stop(undefined, { by: 'close' });
    await this.#getUp();
  }

  /**
   * For the end of the extension host, which may be a reload or the closing of the window: nothing
   * is stopped here; unless a host comes back soon, the reaper does it.
   */
  async leave(): Promise<void> {
    const environment = this.#seat.owned;
    const { statePath } = this;
    const isActiveHere = environment?.processes().some(isActive) === true;
    if (isActiveHere && statePath !== undefined && onWindowCloseSetting() === 'stop') {
      const { fsPath: folder } = this.folder.uri;
      const secrets = environment.secretsToStop();
      startReaper({ folder, configPath: this.configPath ?? '', statePath, secrets }, this.#log);
    }
    await this.#getUp();
  }

  async #getUp(): Promise<void> {
    this.#store.dispose();
    await this.#seat.leave();
  }

  dispose(): void {
    void this.close();
  }

  async #take(result: LoadResult | undefined): Promise<void> {
    if (result?.model !== undefined) {
      await this.#takeModel(result.model);
      return;
    }
    this.#isOpening = false;
    // An environment that still runs is kept: the file may be on its way back, as in a checkout.
    await this.#takeUpWithoutFile(result === undefined ? '' : (this.configPath ?? ''));
    if (result === undefined) this.#seat.giveUpIfIdle();
    this.#setStatus(result === undefined ? 'missing' : 'invalid');
  }

  async #takeModel(written: EnvironmentModel): Promise<void> {
    const model = this.#profiles?.apply(this.folder, written) ?? written;
    if (this.#seat.isTaken) {
      const change = this.#seat.setModel(model) ?? noChange;
      this.#setStatus('ready');
      this.#onDidTakeModel.fire({ change, isOpening: false, isContinuation: true });
      return;
    }
    if (vscode.workspace.isTrusted) await this.#seat.take(model);
    if (!this.#store.isDisposed) this.#setStatus('ready');
  }

  /** What an earlier host left running is taken up even if the file has gone or broken since. */
  async #takeUpWithoutFile(configPath: string): Promise<void> {
    if (this.#seat.isTaken || !vscode.workspace.isTrusted) return;
    await this.#seat.takeByRecords(configPath);
  }

  #onError(error: unknown): void {
    this.#log.error(error instanceof Error ? error : errorMessage(error));
    void vscode.window.showErrorMessage(errorMessage(error));
    this.#setStatus('invalid');
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

  #onChanged(change: EnvironmentChange): void {
    this.#onDidChange.fire(change);
    if (this.#status === 'missing') this.#seat.giveUpIfIdle();
  }

  #setStatus(status: FolderStatus): void {
    this.#status = status;
    this.#onDidChangeStatus.fire();
  }
}
