import type { Operations } from './operations.ts';
import type { ProcessSet } from './processSet.ts';
import type { Settler } from './settler.ts';
import type { OperationResult, RestartOptions, StartOptions, StopOptions } from './snapshot.ts';

/**
 * Turns a request for several processes into wishes to each of them, all in the same turn, and
 * follows what becomes of them. Names are known to exist.
 */
export class EnvironmentRequests {
  readonly #processes: ProcessSet;
  readonly #settler: Settler;
  readonly #operations: Operations;

  constructor(processes: ProcessSet, settler: Settler, operations: Operations) {
    this.#processes = processes;
    this.#settler = settler;
    this.#operations = operations;
  }

  /** `named`: asked for by name, and not as a part of everything. */
  async start(
    asked: readonly string[],
    named: ReadonlySet<string>,
    options: StartOptions & { readonly isRolledBack: boolean },
  ): Promise<OperationResult> {
    const { withDependencies = true, by = 'you', detail } = options;
    const all = withDependencies ? this.#processes.withDependencies(asked) : asked;
    const wereDown = all.filter((name) => !this.#processes.isUp(name));
    this.#settler.together(() => {
      for (const name of all) {
        // A task that has done its work does it again only when it is asked for by name.
        if (this.#processes.state(name) === 'completed' && !named.has(name)) continue;
        this.#processes.get(name)?.dispatch({
          kind: 'start',
          by,
          detail,
          through: named.size > 0 && !named.has(name) ? asked.join(', ') : undefined,
          ignoresDependencies: !withDependencies,
        });
      }
    });
    const result = await this.#operations.follow('up', all);
    if (result.failed.length > 0 && options.isRolledBack) {
      // What failed is down, and keeps its reason.
      const cameUp = wereDown.filter((name) => this.#processes.isUp(name));
      await this.stop(cameUp, new Set(cameUp), { by: 'rollback', withDependents: false });
    }
    return result;
  }

  async stop(
    asked: readonly string[],
    named: ReadonlySet<string>,
    options: StopOptions,
  ): Promise<OperationResult> {
    const { withDependents = true, by = 'you', detail } = options;
    const all = withDependents ? this.#processes.withDependents(asked) : asked;
    this.#settler.together(() => {
      for (const name of all) {
        const controller = this.#processes.get(name);
        if (controller === undefined) continue;
        const through = named.size > 0 && !named.has(name) ? asked.join(', ') : undefined;
        controller.dispatch({ kind: 'stop', by, detail, through, isHeld: true });
        if (options.force === true) controller.dispatch({ kind: 'force' });
      }
    });
    return this.#operations.follow('down', all);
  }

  async restart(asked: readonly string[], options: RestartOptions): Promise<OperationResult> {
    const { by = 'you', detail } = options;
    const isAsked = new Set(asked);
    this.#settler.together(() => {
      for (const name of this.#processes.withDependencies(asked)) {
        const controller = this.#processes.get(name);
        if (isAsked.has(name)) controller?.dispatch({ kind: 'restart', by, detail, isHeld: true });
        // What it needs and is down comes up with it; what is up is left alone.
        else if (controller?.state.name !== 'completed') {
          controller?.dispatch({ kind: 'start', by, detail, through: asked.join(', ') });
        }
      }
    });
    return this.#operations.follow('up', asked);
  }
}
