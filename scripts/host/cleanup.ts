/** What has to be undone at the end of a scope (`await using`), last first, whatever has failed. */
export class Cleanup implements AsyncDisposable {
  readonly #actions: (() => unknown)[] = [];

  /** `action` may be asynchronous; the ones before it wait for it. */
  defer(action: () => unknown): void {
    this.#actions.push(action);
  }

  /** Runs every action once. Rejects with the first error, after all have run. */
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (let action = this.#actions.pop(); action !== undefined; action = this.#actions.pop()) {
      try {
        await action();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run();
  }
}
