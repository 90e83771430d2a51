import { dependenciesOf, dependentsOf } from '../graph/dependencyGraph.ts';
import type { ProcessModel } from '../config/model.ts';
import type { CompanionFacts } from './companion.ts';
import type { ProcessController } from './processController.ts';
import type { ProcessSnapshot } from './snapshot.ts';
import type { ProcessState } from './state.ts';
import { isStoppedByPerson, stoppedNeed } from './stoppedNeeds.ts';
import { takeSnapshot } from './takeSnapshot.ts';
import { resolveTargets, type Targets } from './targets.ts';

/** The processes of an environment, in the order of the file, and who depends on whom. */
export class ProcessSet {
  readonly #byName = new Map<string, ProcessController>();
  readonly #facts: (name: string) => CompanionFacts;
  /** Of the present model. */
  activeProfiles: readonly string[] = [];
  #dependents: ReadonlyMap<string, readonly string[]> | undefined;

  /** `facts`: what is to be added to the snapshot of a process. */
  constructor(facts: (name: string) => CompanionFacts) {
    this.#facts = facts;
  }

  get(name: string): ProcessController | undefined {
    return this.#byName.get(name);
  }

  all(): readonly ProcessController[] {
    return [...this.#byName.values()];
  }

  names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** Adds a process, or puts it at the end again. */
  put(controller: ProcessController): void {
    this.#byName.delete(controller.name);
    this.#byName.set(controller.name, controller);
    this.#dependents = undefined;
  }

  delete(name: string): void {
    this.#byName.delete(name);
    this.#dependents = undefined;
  }

  state(name: string): ProcessState['name'] | undefined {
    return this.#byName.get(name)?.state.name;
  }

  isUp(name: string): boolean {
    return this.state(name) === 'running' || this.state(name) === 'completed';
  }

  /** Who names this process in `depends_on`. */
  dependentsOf(name: string): readonly string[] {
    this.#dependents ??= this.#indexDependents();
    return this.#dependents.get(name) ?? [];
  }

  /** The dependents that are still stopping, for whose end a stop of `name` waits. */
  heldBy(name: string): readonly string[] {
    return this.dependentsOf(name).filter((dependent) => this.state(dependent) === 'stopping');
  }

  /** What a rule would have to start for it, and must not. */
  stoppedNeed(name: string): string | undefined {
    return stoppedNeed(name, (one) => this.get(one));
  }

  isStoppedByPerson(name: string): boolean {
    const controller = this.get(name);
    return controller !== undefined && isStoppedByPerson(controller.state);
  }

  /** The named ones and everything they need. */
  withDependencies(names: readonly string[]): readonly string[] {
    return [...dependenciesOf(this.definitions(), names)];
  }

  /** The named ones and everything that needs them. */
  withDependents(names: readonly string[]): readonly string[] {
    return [...dependentsOf(this.definitions(), names)];
  }

  snapshot(controller: ProcessController): ProcessSnapshot {
    const { dependsOn } = controller.definition;
    const snapshot = takeSnapshot(
      controller,
      {
        dependents: this.dependentsOf(controller.name),
        heldBy: this.heldBy(controller.name),
        dependencies: dependsOn.map(({ name, condition }) => ({
          name,
          condition,
          process: this.get(name),
        })),
      },
      this.activeProfiles,
    );
    return { ...snapshot, ...this.#facts(controller.name) };
  }

  /** Which processes are meant. @throws DevEnvError `unknown-process` */
  targets(asked: readonly string[]): Targets {
    return resolveTargets(this.definitions(), asked);
  }

  /** What the file says of each, in its order. */
  definitions(): readonly ProcessModel[] {
    return this.all().map((controller) => controller.definition);
  }

  #indexDependents(): ReadonlyMap<string, readonly string[]> {
    const index = new Map<string, string[]>();
    for (const { definition } of this.#byName.values()) {
      for (const { name } of definition.dependsOn) {
        const dependents = index.get(name);
        if (dependents === undefined) index.set(name, [definition.name]);
        else dependents.push(definition.name);
      }
    }
    return index;
  }
}
