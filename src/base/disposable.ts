/** Something that is held until it is given back. Structurally a `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** A disposable that runs `action` once, however often it is disposed. */
export function toDisposable(action: () => void): Disposable {
  let isDone = false;
  return {
    dispose() {
      if (isDone) return;
      isDone = true;
      action();
    },
  };
}

/**
 * Owns disposables and gives them back together, last added first. What is added after the store
 * was disposed is disposed at once, so that nothing added late leaks.
 */
export class DisposableStore implements Disposable {
  readonly #items = new Set<Disposable>();
  #isDisposed = false;

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  add<T extends Disposable>(item: T): T {
    if (this.#isDisposed) item.dispose();
    else this.#items.add(item);
    return item;
  }

  /** Disposes one item now and forgets it. */
  release(item: Disposable): void {
    if (this.#items.delete(item)) item.dispose();
  }

  dispose(): void {
    this.#isDisposed = true;
    const items = [...this.#items].reverse();
    this.#items.clear();
    for (const item of items) item.dispose();
  }
}
