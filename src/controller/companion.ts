import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { EnvironmentModel } from '../config/model.ts';
import type {
  EnvironmentController,
  OperationResult,
  ProcessSnapshot,
  RequestedBy,
  RestartOptions,
} from './snapshot.ts';
import type { GiveUp, ProcessState, ProcessStatus } from './state.ts';

/** A process went from one state to another, or was taken up from an earlier host in one. */
export interface StateChange {
  readonly name: string;
  /** Of a process that was taken up: the state it is in. */
  readonly before: ProcessState;
  /** Right after the change; what came since is in a change of its own. */
  readonly status: ProcessStatus;
}

/** Somebody asked for something. */
export interface CompanionRequest {
  readonly kind: 'start' | 'stop' | 'restart';
  readonly by: RequestedBy;
  /** All that it concerns, dependencies or dependents included, and those with nothing to do now. */
  readonly names: readonly string[];
}

/** What companions add to the snapshot of a process. */
export type CompanionFacts = Partial<
  Pick<
    ProcessSnapshot,
    'nextScheduledAtMs' | 'triggerNote' | 'limits' | 'statusText' | 'isInteractive'
  >
>;

/** What a companion can see and ask for; requests carry who asked and why. */
export interface CompanionHost extends Pick<
  EnvironmentController,
  'model' | 'process' | 'processes' | 'start' | 'stop'
> {
  restart(names: readonly string[], options: RestartOptions): Promise<OperationResult>;
  /** Ends the given run of a process for a fault: restarted by its policy, or failed for good. */
  giveUp(name: string, fault: GiveUp): void;
  /** What a rule would have to start for this process, and does not, since a person stopped it. */
  stoppedNeed(name: string): string | undefined;
  /** What the companion says of this process (`facts`) is different now. */
  announce(name: string): void;
}

/**
 * What acts on processes by rules of the file, beside the environment: schedules, watched files,
 * limits. It sees what happens and asks like a person does; it decides nothing by itself.
 */
export interface Companion extends Disposable {
  /** Called with the model at the beginning, and with each new one. */
  setModel?(model: EnvironmentModel): void;
  /** What earlier hosts left has been taken up. */
  onRecovered?(): void;
  /** Called before the request is carried out. */
  onRequest?(request: CompanionRequest): void;
  /** Called out of turn, in order, so that it may ask for anything. */
  onStateChange?(change: StateChange): void;
  /** What it knows of a process, for its snapshot. Called often: it must be cheap. */
  facts?(name: string): CompanionFacts;
  /** Resolves when what it has to remember is on disk. */
  flush?(): Promise<void>;
}

export type CreateCompanion = (host: CompanionHost) => Companion;

/** The companions of one environment. */
export class Companions {
  readonly #all: Companion[] = [];
  readonly #changes = new Emitter<StateChange>();
  #queue: StateChange[] = [];
  #isDisposed = false;

  begin(creators: readonly CreateCompanion[], host: CompanionHost): void {
    for (const create of creators) {
      const companion = create(host);
      this.#all.push(companion);
      // Each is a listener of its own, so that one that throws does not keep it from the others.
      this.#changes.event((change) => companion.onStateChange?.(change));
    }
    this.setModel(host.model);
  }

  setModel(model: EnvironmentModel): void {
    for (const companion of this.#all) companion.setModel?.(model);
  }

  tell(change: StateChange): void {
    if (this.#all.length === 0) return;
    if (this.#queue.length === 0) queueMicrotask(() => this.#tellAll());
    this.#queue.push(change);
  }

  onRecovered(): void {
    for (const companion of this.#all) companion.onRecovered?.();
  }

  onRequest(request: CompanionRequest): void {
    for (const companion of this.#all) companion.onRequest?.(request);
  }

  async flush(): Promise<void> {
    for (const companion of this.#all) await companion.flush?.();
  }

  facts(name: string): CompanionFacts {
    if (this.#all.length === 0) return {};
    return Object.assign(
      {},
      ...this.#all.map((companion) => companion.facts?.(name) ?? {}),
    ) as CompanionFacts;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#changes.dispose();
    for (const companion of this.#all) companion.dispose();
  }

  #tellAll(): void {
    const changes = this.#queue;
    this.#queue = [];
    for (const change of changes) if (!this.#isDisposed) this.#changes.fire(change);
  }
}
