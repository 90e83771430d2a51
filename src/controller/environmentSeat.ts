import * as l10n from '@vscode/l10n';
import { delay, systemClock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { errorMessage } from '../base/errors.ts';
import type { EnvironmentModel } from '../config/model.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import type { Environment } from './environment.ts';
import { type Attachment, EnvironmentSession, requestOwnership } from './environmentSession.ts';
import { ObservedEnvironment } from './observedEnvironment.ts';
import type { SecretSource } from './secretSource.ts';
import type { EnvironmentController, ModelChange } from './snapshot.ts';

export interface SeatOptions {
  readonly model: EnvironmentModel;
  readonly stateFolder: StateFolder;
  readonly hostEnv: NodeJS.ProcessEnv;
  /** Names this host to people who look from another one. */
  readonly label: string;
  readonly onWriteError: (message: string) => void;
  /** As in `EnvironmentOptions`. */
  readonly secrets?: SecretSource | undefined;
  /** As in `SessionOptions`. */
  readonly attach?: (environment: Environment) => Promise<Attachment>;
  /** A controller came in place of another; called before anything can happen in it. */
  readonly onController: (controller: EnvironmentController) => void;
}

/** This host came to own the environment. */
export interface OwnedEvent {
  readonly session: EnvironmentSession;
}

/** Another host has the environment now, because it asked for it. `by` names it. */
export interface HandedOverEvent {
  readonly by: string;
}

/** One who was asked for the environment gives the other this long to take it, in ms. */
const handOverMs = 3_000;

/**
 * A host's place at an environment. It owns the environment if nobody else does; else it watches,
 * and takes it up as soon as its owner is gone. So of all windows on a folder one runs it, and the
 * others show it. A window that is being reloaded is such an owner, for a moment.
 */
export class EnvironmentSeat {
  readonly #options: SeatOptions;
  readonly #ending = new AbortController();
  readonly #onDidOwn = new Emitter<OwnedEvent>();
  readonly #onDidHandOver = new Emitter<HandedOverEvent>();
  readonly onDidOwn = this.#onDidOwn.event;
  readonly onDidHandOver = this.#onDidHandOver.event;
  #model: EnvironmentModel;
  #session: EnvironmentSession | undefined;
  #observed: ObservedEnvironment | undefined;
  #owner: string | undefined;
  #isOwnerStandIn = false;
  /** Who asked for the environment, until it is handed over. */
  #requestedBy: string | undefined;
  #handingOver: Promise<void> = Promise.resolve();

  constructor(options: SeatOptions) {
    this.#options = options;
    this.#model = options.model;
  }

  /** Who owns the environment, if it is not this host. */
  get owner(): string | undefined {
    return this.#owner;
  }

  get session(): EnvironmentSession | undefined {
    return this.#session;
  }

  /** Resolves when there is a controller. @throws when the state folder cannot be used. */
  async sit(): Promise<void> {
    if (await this.#tryToOwn(0)) return;
    await this.#observe();
    // Who only stands in for a window is relieved by it.
    if (this.#isOwnerStandIn) {
      await requestOwnership(this.#options.stateFolder, this.#options.label);
    }
    if (!this.#ending.signal.aborted) void this.#ownWhenFree(0);
  }

  setModel(model: EnvironmentModel): ModelChange | undefined {
    this.#model = model;
    return (this.#session?.environment ?? this.#observed)?.setModel(model);
  }

  /** Asks the owner for the environment. False when it has not let go after `timeoutMs`. */
  async takeOver(timeoutMs: number): Promise<boolean> {
    if (this.#session !== undefined) return true;
    const timeout = new AbortController();
    const owned = new Promise<void>((resolve) => {
      const subscription = this.onDidOwn(() => {
        subscription.dispose();
        resolve();
      });
    });
    await requestOwnership(this.#options.stateFolder, this.#options.label);
    await Promise.race([owned, delay(systemClock, timeoutMs, timeout.signal)]);
    timeout.abort();
    return this.#isOwner();
  }

  /** Gets up: nothing is stopped, and the next host goes on from here. */
  async leave(): Promise<void> {
    this.#ending.abort();
    this.#observed?.dispose();
    const session = this.#session;
    this.#session = undefined;
    await Promise.all([this.#handingOver, session?.release()]);
  }

  async #tryToOwn(waitMs: number): Promise<boolean> {
    const { stateFolder, hostEnv, label, onWriteError, attach } = this.#options;
    const opened = await EnvironmentSession.open({
      model: this.#model,
      stateFolder,
      hostEnv,
      label,
      waitMs,
      signal: this.#ending.signal,
      hasWatched: this.#observed !== undefined,
      secrets: this.#options.secrets,
      onWriteError,
      ...(attach === undefined ? {} : { attach }),
      onCreated: (environment) => {
        this.#showOwned(environment);
      },
      onReleaseRequested: (by) => {
        this.#requestedBy = by;
        this.#handOverIfAsked();
      },
      onLost: () => void this.#afterLoss(),
    });
    if (opened.kind === 'elsewhere') {
      this.#owner = opened.owner?.label ?? l10n.t('another window');
      this.#isOwnerStandIn = opened.owner?.isStandIn === true;
      return false;
    }
    if (this.#ending.signal.aborted) {
      await opened.session.release();
      return false;
    }
    this.#session = opened.session;
    // The file may have changed while one waited.
    if (opened.session.environment.model !== this.#model) this.setModel(this.#model);
    this.#onDidOwn.fire({ session: opened.session });
    // Somebody may have asked while the environment was being taken up.
    this.#handOverIfAsked();
    return true;
  }

  #showOwned(environment: Environment): void {
    this.#observed?.dispose();
    this.#observed = undefined;
    this.#owner = undefined;
    this.#options.onController(environment);
  }

  async #observe(): Promise<void> {
    const { stateFolder } = this.#options;
    if (this.#ending.signal.aborted) return;
    const owner = this.#owner ?? l10n.t('another window');
    const { secrets } = this.#options;
    const observed = new ObservedEnvironment(this.#model, stateFolder, owner, undefined, secrets);
    this.#observed = observed;
    this.#options.onController(observed);
    await observed.look();
  }

  async #ownWhenFree(afterMs: number): Promise<void> {
    const { signal } = this.#ending;
    await delay(systemClock, afterMs, signal);
    while (!signal.aborted) {
      try {
        if (await this.#tryToOwn(Number.POSITIVE_INFINITY)) return;
      } catch (error) {
        this.#options.onWriteError(errorMessage(error));
        await delay(systemClock, handOverMs, signal);
      }
    }
  }

  #handOverIfAsked(): void {
    const session = this.#session;
    const by = this.#requestedBy;
    if (session === undefined || by === undefined) return;
    this.#session = undefined;
    this.#requestedBy = undefined;
    this.#owner = by;
    this.#handingOver = this.#handOver(session, by);
  }

  async #handOver(session: EnvironmentSession, by: string): Promise<void> {
    try {
      await session.release();
    } catch (error) {
      // The lock could not be marked as free: it is, at the latest, with the end of this host.
      this.#options.onWriteError(errorMessage(error));
    }
    await this.#observe();
    if (this.#ending.signal.aborted) return;
    this.#onDidHandOver.fire({ by });
    void this.#ownWhenFree(handOverMs);
  }

  /** The state folder was removed, most likely: what runs is found by nobody but us. */
  async #afterLoss(): Promise<void> {
    this.#session = undefined;
    this.#owner = l10n.t('another window');
    await this.#observe();
    void this.#ownWhenFree(0);
  }

  #isOwner(): boolean {
    return this.#session !== undefined;
  }
}
