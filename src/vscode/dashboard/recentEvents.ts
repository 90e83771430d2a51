import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { EnvironmentChange, ProcessSnapshot } from '../../controller/snapshot.ts';
import type { DashboardEvent } from '../../webview/messages.ts';
import type { Environments, InFolder } from '../environments.ts';
import { stateWord } from '../words.ts';
import { rowId } from './rowId.ts';

/** As many as anyone reads. */
const maxEvents = 200;

/** What happened lately in all environments; gathered from the start, so that it is there to show. */
export class RecentEvents implements Disposable {
  readonly #clock: Clock;
  readonly #events: DashboardEvent[] = [];
  readonly #states = new Map<string, string>();
  readonly #subscription: Disposable;
  /** How many there have ever been. */
  #count = 0;

  constructor(environments: Environments, clock: Clock) {
    this.#clock = clock;
    this.#subscription = environments.onDidChange((change) => this.#onChange(change));
  }

  get count(): number {
    return this.#count;
  }

  /** The newest first; those after the first `seen` that ever were. */
  since(seen: number): readonly DashboardEvent[] {
    return this.#events.slice(0, Math.max(0, this.#count - seen));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #onChange({ environment, event }: InFolder<EnvironmentChange>): void {
    for (const name of event.names) {
      const id = rowId(environment, name);
      const process = environment.controller?.process(name);
      if (process === undefined) {
        this.#states.delete(id);
        continue;
      }
      const key = `${process.state} ${process.run}`;
      const before = this.#states.get(id);
      if (before === key) continue;
      this.#states.set(id, key);
      // How a process was found is nothing that has happened.
      if (before === undefined && process.state === 'stopped') continue;
      this.#add(id, process, (text) => environment.controller?.mask(text) ?? '');
    }
  }

  #add(
    id: string,
    { name, state, reason, sinceMs }: ProcessSnapshot,
    mask: (text: string) => string,
  ): void {
    const word = stateWord(state);
    this.#events.unshift({
      atMs: sinceMs ?? this.#clock.now(),
      id,
      name,
      state,
      text: reason === undefined ? word : `${word}: ${mask(reason)}`,
    });
    this.#count += 1;
    if (this.#events.length > maxEvents) this.#events.pop();
  }
}
