import { Emitter } from '../base/emitter.ts';
import type { EnvironmentChange } from './snapshot.ts';

/** Gathers what changed and tells it once per turn of the event loop, however much it was. */
export class ChangeFeed {
  readonly #emitter = new Emitter<EnvironmentChange>();
  #names = new Set<string>();
  #isStructural = false;
  readonly event = this.#emitter.event;

  announce(name: string, isStructural = false): void {
    if (this.#names.size === 0) {
      queueMicrotask(() => {
        this.#fire();
      });
    }
    this.#names.add(name);
    this.#isStructural ||= isStructural;
  }

  dispose(): void {
    this.#emitter.dispose();
  }

  #fire(): void {
    const change = { names: this.#names, isStructural: this.#isStructural };
    this.#names = new Set();
    this.#isStructural = false;
    this.#emitter.fire(change);
  }
}
