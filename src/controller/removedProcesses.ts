import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { watchForExit } from '../process/exitWatch.ts';
import { identify } from '../process/identity.ts';
import type { ProcessController } from './processController.ts';

/** Between two tries to prove that nothing is left, in ms: one that fails must not be a storm. */
const pauseMs = 1_000;

/**
 * The processes that are no longer in the file: which of them can be forgotten. One of which
 * something could not be ended is kept, with its record, until that has ended by itself.
 */
export class RemovedProcesses implements Disposable {
  readonly #clock: Clock;
  readonly #watched = new Map<ProcessController, { pids: string; watch: Disposable }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Is nothing left of it, and nothing to come? To be asked after each of its changes. */
  isOver(controller: ProcessController): boolean {
    const survivors = controller.isRemoved ? survivorsOf(controller) : undefined;
    if (survivors === undefined) {
      this.#watched.get(controller)?.watch.dispose();
      this.#watched.delete(controller);
      return controller.isRemoved && controller.isAtRest;
    }
    const pids = survivors.join();
    const watched = this.#watched.get(controller);
    if (watched?.pids !== pids) {
      watched?.watch.dispose();
      this.#watched.set(controller, { pids, watch: this.#watch(controller, survivors) });
    }
    return false;
  }

  dispose(): void {
    for (const { watch } of this.#watched.values()) watch.dispose();
    this.#watched.clear();
  }

  /** Once these have ended, a stop proves that they were all. */
  #watch(controller: ProcessController, pids: readonly number[]): Disposable {
    const store = new DisposableStore();
    const left = new Set(pids);
    const onGone = (pid: number): void => {
      left.delete(pid);
      if (left.size > 0 || store.isDisposed) return;
      const proof = this.#clock.schedule(pauseMs, () => {
        // What survives this one may have the same PIDs, and is watched anew.
        this.#watched.delete(controller);
        controller.dispatch({ kind: 'stop', by: 'config', isHeld: false });
      });
      store.add(proof);
    };
    for (const pid of left) {
      const identified = identify(pid).catch(() => undefined);
      void identified.then((identity) => {
        if (store.isDisposed) return;
        if (identity === undefined) onGone(pid);
        else store.add(watchForExit(identity, this.#clock, () => onGone(pid)));
      });
    }
    return store;
  }
}

function survivorsOf({ state }: ProcessController): readonly number[] | undefined {
  if (state.name !== 'failed' || state.failure.cause.kind !== 'not-stopped') return undefined;
  return state.failure.cause.pids;
}
