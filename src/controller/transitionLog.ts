import type { StateName } from './snapshot.ts';

/** A process went into a state; plain data, to be shown. */
export interface LoggedTransition {
  /** In ms since the epoch. */
  readonly atMs: number;
  readonly state: StateName;
  /** Number of the run it was in; 0 before the first. */
  readonly run: number;
  /** Why, in words; undefined when the state says it all. */
  readonly why: string | undefined;
}

/** How many are kept of each process. */
export const keptTransitions = 50;

/** The last transitions of each process, oldest first. Those within a state count as one. */
export class TransitionLog {
  readonly #byName = new Map<string, readonly LoggedTransition[]>();

  add(name: string, transition: LoggedTransition): void {
    const before = this.#byName.get(name) ?? [];
    const last = before.at(-1);
    const isSame = last?.state === transition.state && last.run === transition.run;
    // Of what happens within a state the last words count, and the first time.
    const merged = isSame ? { ...transition, atMs: last.atMs } : transition;
    const kept = isSame ? before.slice(0, -1) : before;
    this.#byName.set(name, [...kept, merged].slice(-keptTransitions));
  }

  of(name: string): readonly LoggedTransition[] {
    return this.#byName.get(name) ?? [];
  }

  forget(name: string): void {
    this.#byName.delete(name);
  }
}
