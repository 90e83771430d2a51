import { type Disposable, toDisposable } from './disposable.ts';

/** Subscribes a listener; the returned disposable ends the subscription. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

let reportListenerError: (error: unknown) => void = (error) => {
  queueMicrotask(() => {
    throw error;
  });
};

/** Says where the error of a throwing listener goes. By default it is thrown, out of turn. */
export function setListenerErrorHandler(handler: (error: unknown) => void): void {
  reportListenerError = handler;
}

/**
 * A source of events. Listeners are called synchronously in the order they subscribed; one that
 * throws is reported and does not keep the others from being called.
 */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<{ call: (value: T) => void }>();

  readonly event: Event<T> = (listener) => {
    // Wrapped, so that the same function can subscribe twice.
    const entry = { call: listener };
    this.#listeners.add(entry);
    return toDisposable(() => this.#listeners.delete(entry));
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener.call(value);
      } catch (error) {
        reportListenerError(error);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
