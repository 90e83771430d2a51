import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { ProcessModel } from '../config/model.ts';
import { ChangeFeed } from './changeFeed.ts';
import type { Companions } from './companion.ts';
import { describeStart } from './describe.ts';
import type { Operations } from './operations.ts';
import type { StateKeeper } from './persistence.ts';
import { ProcessController } from './processController.ts';
import type { ProcessSet } from './processSet.ts';
import { definitionOf, type RecoveredRun } from './recovery.ts';
import { RemovedProcesses } from './removedProcesses.ts';
import type { RunServices } from './runProgram.ts';
import { Settler } from './settler.ts';
import type { FailureEvent, RunEvent } from './snapshot.ts';
import type { ProcessState, ProcessStatus } from './state.ts';

export interface ProcessCoordinatorOptions {
  readonly processes: ProcessSet;
  readonly services: RunServices;
  readonly persistence: StateKeeper;
  readonly companions: Companions;
  readonly operations: Operations;
}

/**
 * Brings processes into an environment, and sees to what follows when one of them changes: that is
 * written down, companions and readers are told, and its neighbours are looked at.
 */
export class ProcessCoordinator implements Disposable {
  readonly #processes: ProcessSet;
  readonly #services: RunServices;
  readonly #persistence: StateKeeper;
  readonly #companions: Companions;
  readonly #operations: Operations;
  readonly #removed: RemovedProcesses;
  readonly settler: Settler;

  readonly #changes = new ChangeFeed();
  readonly #onDidRun = new Emitter<RunEvent>();
  readonly #onDidFail = new Emitter<FailureEvent>();
  readonly onDidChange = this.#changes.event;
  readonly onDidRun = this.#onDidRun.event;
  readonly onDidFail = this.#onDidFail.event;

  constructor(options: ProcessCoordinatorOptions) {
    this.#processes = options.processes;
    this.#services = options.services;
    this.#persistence = options.persistence;
    this.#companions = options.companions;
    this.#operations = options.operations;
    this.#removed = new RemovedProcesses(options.services.clock);
    this.settler = new Settler(options.processes, (name) => {
      this.#afterChange(name);
    });
  }

  add(definition: ProcessModel): void {
    const { name } = definition;
    const controller: ProcessController = new ProcessController(definition, this.#services, {
      onTransition: (before) => {
        this.#persistence.save(controller, before.state);
        this.#reportFailure(controller, before);
        this.#companions.tell({ name, before: before.state, status: controller.status });
        this.#touch(name);
        if (isBackByItself(before.state, controller.state)) this.settler.revive(name);
        this.settler.settle();
      },
      onDetail: () => {
        this.#announce(name);
      },
      onIdentified: () => {
        this.#persistence.save(controller, controller.state);
      },
      onRunBegan: ({ number, logPath }) => {
        const cause = describeStart(controller.status);
        if (logPath !== undefined)
          this.#onDidRun.fire({ kind: 'began', name, run: number, logPath, cause });
      },
      onRunEnded: (run, before) => {
        const { number, logPath } = run;
        this.#persistence.addToHistory(controller, run, before);
        if (logPath !== undefined)
          this.#onDidRun.fire({ kind: 'ended', name, run: number, logPath });
      },
    });
    this.#processes.put(controller);
  }

  /** Takes over what a new file says of all processes; those it no longer has are marked so. */
  redefine(definitions: readonly ProcessModel[]): void {
    const removed = new Map(
      this.#processes.all().map((controller) => [controller.name, controller]),
    );
    this.settler.together(() => {
      for (const definition of definitions) {
        const controller = this.#processes.get(definition.name);
        removed.delete(definition.name);
        if (controller === undefined) this.add(definition);
        else {
          controller.definition = definition;
          controller.isRemoved = false;
          // In the order of the new file.
          this.#processes.put(controller);
        }
        this.#touch(definition.name, true);
      }
      for (const controller of removed.values()) {
        controller.isRemoved = true;
        this.#processes.put(controller);
        this.#touch(controller.name, true);
      }
    });
  }

  /** Takes up what earlier hosts left of all these. `folder`: of the workspace. */
  resume(recovered: readonly RecoveredRun[], folder: string): void {
    this.settler.together(() => {
      for (const run of recovered) this.#resume(run, folder);
    });
  }

  #resume({ record, status, program }: RecoveredRun, folder: string): void {
    const { name, runId, definitionHash } = record;
    const isDeclared = this.#processes.get(name) !== undefined;
    if (!isDeclared && program === undefined) {
      // No longer in the file, and nothing of it runs.
      this.#persistence.forget(name);
      return;
    }
    if (!isDeclared) this.add(definitionOf(record, folder));
    const controller = this.#processes.get(name);
    if (controller === undefined) return;
    controller.isRemoved = !isDeclared;
    // Nobody else's program is taken for ours, nor ours for somebody else's.
    const isSameKind = record.kind === controller.definition.kind;
    const definition = isSameKind ? undefined : definitionOf(record, folder);
    const known = runId === undefined ? undefined : { id: runId, definitionHash, definition };
    controller.resume(status, known, program, record.nextStartAtMs);
    const { run } = controller;
    if (program !== undefined && run?.logPath !== undefined) {
      this.#onDidRun.fire({ kind: 'resumed', name, run: run.number, logPath: run.logPath });
    }
    this.#companions.tell({ name, before: controller.state, status: controller.status });
    this.#touch(name, true);
  }

  /** Something else that is shown of a process is different now. */
  announce(name: string): void {
    this.#changes.announce(name);
  }

  dispose(): void {
    this.#removed.dispose();
    this.#onDidRun.dispose();
    this.#onDidFail.dispose();
    this.#changes.dispose();
  }

  #reportFailure(controller: ProcessController, before: ProcessStatus): void {
    const { name, state, status } = controller;
    // What was told of once goes on until the process was well or a person acted.
    if (state.name !== 'failed' || before.state.name === 'failed' || before.hasIncident) return;
    const reason = this.#processes.snapshot(controller).reason ?? '';
    this.#onDidFail.fire({ name, run: status.run, failure: state.failure.code, reason });
  }

  /** Notes that a process changed: for its neighbours, and for the readers. */
  #touch(name: string, isStructural = false): void {
    this.settler.touch(name);
    this.#announce(name, isStructural);
  }

  /** What is said of a dependency is part of what its dependents say they wait for. */
  #announce(name: string, isStructural = false): void {
    this.#changes.announce(name, isStructural);
    for (const dependent of this.#processes.dependentsOf(name)) {
      if (this.#processes.state(dependent) === 'waiting') this.#changes.announce(dependent);
    }
  }

  #afterChange(name: string): void {
    const controller = this.#processes.get(name);
    if (controller !== undefined && this.#removed.isOver(controller)) {
      // The pause of a crash loop ends with it.
      controller.dispose();
      this.#processes.delete(name);
      this.#persistence.forget(name);
      this.#changes.announce(name, true);
    }
    this.#operations.update(name);
  }
}

/** A crash loop that has had its pause is started again, and nobody asked for it. */
function isBackByItself(before: ProcessState, now: ProcessState): boolean {
  if (before.name !== 'failed' || now.name !== 'waiting') return false;
  // Those who failed because of another one name the root of it, and come back with that.
  return now.cause.kind !== 'requested' && now.cause.kind !== 'dependency-failed';
}
