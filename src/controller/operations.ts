import { Operation } from './operation.ts';
import type { ProcessSet } from './processSet.ts';
import type { OperationResult } from './snapshot.ts';

/** The operations that are under way in an environment; they overlap without harm. */
export class Operations {
  readonly #processes: ProcessSet;
  readonly #open = new Set<Operation>();

  constructor(processes: ProcessSet) {
    this.#processes = processes;
  }

  /** Resolves when each of the named processes is where it was wanted, or cannot be. */
  follow(want: 'up' | 'down', names: readonly string[]): Promise<OperationResult> {
    const operation = new Operation(want, names);
    this.#open.add(operation);
    for (const name of names) this.#update(operation, name);
    operation.settleIfDone();
    return operation.result;
  }

  /** Looks at a process again that changed. */
  update(name: string): void {
    for (const operation of [...this.#open]) this.#update(operation, name);
  }

  /** Nobody will carry them out any more. */
  cancel(): void {
    for (const operation of this.#open) operation.cancel();
    this.#open.clear();
  }

  #update(operation: Operation, name: string): void {
    const controller = this.#processes.get(name);
    operation.update(
      name,
      controller && {
        kind: controller.definition.kind,
        state: controller.state,
        reason: () => this.#processes.snapshot(controller).reason,
      },
    );
    if (operation.isDone) this.#open.delete(operation);
  }
}
