import { dependencyStatus, dependencyVerdict } from './dependencyStatus.ts';
import type { ProcessController } from './processController.ts';
import type { ProcessSet } from './processSet.ts';

/**
 * Keeps the order between processes: when one changed, its neighbours are looked at again, until
 * nothing follows any more.
 */
export class Settler {
  readonly #processes: ProcessSet;
  readonly #onLooked: (name: string) => void;
  readonly #changed = new Set<string>();
  #isSettling = false;

  /** `onLooked` is called for each process that changed, after its neighbours were seen to. */
  constructor(processes: ProcessSet, onLooked: (name: string) => void) {
    this.#processes = processes;
    this.#onLooked = onLooked;
  }

  /** Notes that a process changed; `settle` draws the consequences. */
  touch(name: string): void {
    this.#changed.add(name);
  }

  /**
   * Carries out several requests as one: neighbours are looked at only when all are known, so that
   * nothing starts or fails by the look of a half-made request.
   */
  together(requests: () => void): void {
    const isNested = this.#isSettling;
    this.#isSettling = true;
    try {
      requests();
    } finally {
      this.#isSettling = isNested;
    }
    this.settle();
  }

  /** A loop, not a recursion: a failure can run down a chain of a thousand. */
  settle(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    try {
      // The set grows while it is walked.
      for (const name of this.#changed) {
        this.#changed.delete(name);
        this.#reconsider(name);
        for (const dependent of this.#processes.dependentsOf(name)) this.#reconsider(dependent);
        const dependencies = this.#processes.get(name)?.definition.dependsOn ?? [];
        for (const dependency of dependencies) this.#reconsider(dependency.name);
        this.#onLooked(name);
      }
    } finally {
      this.#isSettling = false;
    }
  }

  /** Starts a process whose conditions hold now, and lets one stop whose dependents have. */
  #reconsider(name: string): void {
    const controller = this.#processes.get(name);
    if (controller === undefined) return;
    const { state } = controller;
    if (state.name === 'waiting') {
      if (state.isLooking !== true) this.#judge(controller, state.ignoresDependencies);
    } else if (state.name === 'starting' || state.name === 'running')
      this.#followRestart(controller);
    else if (state.name === 'stopping' && state.phase === 'held') {
      if (this.#processes.heldBy(name).length === 0) controller.dispatch({ kind: 'release' });
    }
  }

  #judge(controller: ProcessController, ignoresDependencies: boolean): void {
    const dependencies = ignoresDependencies ? [] : controller.definition.dependsOn;
    const verdict = dependencyVerdict(dependencies, (dependency) => {
      const found = this.#processes.get(dependency);
      return found && { state: found.state, reason: () => this.#processes.snapshot(found).reason };
    });
    if (verdict.kind === 'met') {
      controller.dispatch({ kind: 'dependencies-met', runs: this.#followedRuns(controller) });
    } else if (verdict.kind === 'impossible') {
      const { name, why, isPassing } = verdict;
      controller.dispatch({ kind: 'dependency-failed', name, why, isPassing });
    }
  }

  /** The present runs of the dependencies whose restart the process follows. */
  #followedRuns({ definition }: ProcessController): Record<string, number> {
    const followed = definition.dependsOn.filter((dependency) => dependency.restart === true);
    return Object.fromEntries(
      followed.map(({ name }) => [name, this.#processes.get(name)?.status.run ?? 0]),
    );
  }

  /** Restarts a process whose dependency is there again, in another run than it was started on. */
  #followRestart(controller: ProcessController): void {
    for (const { name, condition, restart } of controller.definition.dependsOn) {
      const known = controller.status.dependencyRuns[name];
      const dependency = this.#processes.get(name);
      if (restart !== true || known === undefined || dependency === undefined) continue;
      if (dependency.status.run === known) continue;
      if (dependencyStatus(condition, dependency.state) !== 'met') continue;
      controller.dispatch({ kind: 'restart', by: 'dependency', through: name, isHeld: false });
      return;
    }
  }

  /** Starts again what failed only because `name` did, which is started again by itself now. */
  revive(name: string): void {
    const dependents = this.#processes.withDependents([name]);
    this.together(() => {
      for (const dependent of dependents) {
        this.#processes.get(dependent)?.dispatch({ kind: 'dependency-back', name });
      }
    });
  }
}
