import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { EnvironmentModel } from '../config/model.ts';
import type { Environment } from '../controller/environment.ts';
import { EnvironmentSeat, type HandedOverEvent } from '../controller/environmentSeat.ts';
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
import type { FolderState } from './folderState.ts';
import { isActive } from './processFacts.ts';
import { serveEnvironment } from './serveEnvironment.ts';

/** How long another window is waited for that was asked for the environment. */
const takeOverTimeoutMs = 10_000;

export interface FolderSeatOptions {
  readonly folder: vscode.WorkspaceFolder;
  readonly state: FolderState;
  readonly log: vscode.LogOutputChannel;
  readonly secrets: SecretSource | undefined;
}

/**
 * This window's seat at the environment of one folder: taken when there is something to run or to
 * show, and given up when nothing is left of it. Its events are those of whichever controller there
 * is at the time.
 */
export class FolderSeat {
  readonly #options: FolderSeatOptions;
  readonly #store = new DisposableStore();
  #seat: EnvironmentSeat | undefined;
  #controller: EnvironmentController | undefined;
  #links: Disposable | undefined;

  readonly #onDidSwitch = this.#store.add(new Emitter<void>());
  readonly #onDidOwn = this.#store.add(new Emitter<EnvironmentSession>());
  readonly #onDidHandOver = this.#store.add(new Emitter<HandedOverEvent>());
  readonly #onDidChange = this.#store.add(new Emitter<EnvironmentChange>());
  readonly #onDidRun = this.#store.add(new Emitter<RunEvent>());
  readonly #onDidFail = this.#store.add(new Emitter<FailureEvent>());

  /** There is another controller, or none any more. */
  readonly onDidSwitch = this.#onDidSwitch.event;
  readonly onDidOwn = this.#onDidOwn.event;
  readonly onDidHandOver = this.#onDidHandOver.event;
  readonly onDidChange = this.#onDidChange.event;
  readonly onDidRun = this.#onDidRun.event;
  readonly onDidFail = this.#onDidFail.event;

  constructor(options: FolderSeatOptions) {
    this.#options = options;
  }

  get isTaken(): boolean {
    return this.#seat !== undefined;
  }

  get controller(): EnvironmentController | undefined {
    return this.#controller;
  }

  /** Who runs the environment, when another window does. */
  get owner(): string | undefined {
    return this.#seat?.owner;
  }

  /** The environment, when this window runs it. */
  get owned(): Environment | undefined {
    return this.#seat?.session?.environment;
  }

  setModel(model: EnvironmentModel): ModelChange | undefined {
    return this.#seat?.setModel(model);
  }

  /** Resolves when there is a controller. Rejects when the state folder cannot be used. */
  async take(model: EnvironmentModel): Promise<void> {
    const { state, log, secrets } = this.#options;
    const stateFolder = await state.open();
    const seat = new EnvironmentSeat({
      model,
      stateFolder,
      hostEnv: process.env,
      label: vscode.l10n.t('another VS Code window (extension host {0})', process.pid),
      onWriteError: (message) => log.warn(message),
      secrets,
      attach: serveEnvironment(stateFolder),
      onController: (controller) => this.#connect(controller),
    });
    if (this.#isLeft()) return;
    this.#seat = seat;
    this.#store.add(seat.onDidOwn(({ session }) => this.#onDidOwn.fire(session)));
    this.#store.add(seat.onDidHandOver((event) => this.#onDidHandOver.fire(event)));
    try {
      await seat.sit();
    } catch (error) {
      // The next reading of the file tries again.
      this.#seat = undefined;
      await seat.leave();
      throw error;
    }
  }

  /** Takes up what an earlier host left running, as far as its records tell of it. */
  async takeByRecords(configPath: string): Promise<void> {
    const { state, folder } = this.#options;
    const model = await modelOfRecords(await state.open(), folder.uri.fsPath, configPath);
    if (model.processes.length === 0 || this.#isLeft()) return;
    await this.take(model);
    this.giveUpIfIdle();
  }

  /** Asks the window that runs the environment to hand it over; false if it did not. */
  async takeOver(): Promise<boolean> {
    return (await this.#seat?.takeOver(takeOverTimeoutMs)) !== false;
  }

  /** An environment whose file is gone is kept for as long as something of it runs. */
  giveUpIfIdle(): void {
    const controller = this.#controller;
    if (controller === undefined || controller.processes().some(isActive)) return;
    if (this.#links !== undefined) this.#store.release(this.#links);
    this.#links = undefined;
    this.#controller = undefined;
    void this.#seat?.leave();
    this.#seat = undefined;
    this.#onDidSwitch.fire();
  }

  /** Gets up for good; nothing is stopped. */
  async leave(): Promise<void> {
    this.#store.dispose();
    this.#controller = undefined;
    const seat = this.#seat;
    this.#seat = undefined;
    await seat?.leave();
  }

  #connect(controller: EnvironmentController): void {
    if (this.#links !== undefined) this.#store.release(this.#links);
    this.#controller = controller;
    const links = this.#store.add(new DisposableStore());
    this.#links = links;
    links.add(controller.onDidRun((run) => this.#onDidRun.fire(run)));
    links.add(controller.onDidFail((failure) => this.#onDidFail.fire(failure)));
    links.add(controller.onDidChange((change) => this.#onDidChange.fire(change)));
    this.#onDidSwitch.fire();
  }

  /** A call, since it is asked again after every wait, and the compiler would remember a field. */
  #isLeft(): boolean {
    return this.#store.isDisposed;
  }
}
