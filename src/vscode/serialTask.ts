/**
 * Runs one asynchronous job again and again, never two at a time. Requests that come while one
 * runs share the run that follows it, so that the last run always began after the last request.
 */
export class SerialTask {
  readonly #job: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(job: () => Promise<void>) {
    this.#job = job;
  }

  request(): Promise<void> {
    if (this.#running === undefined) return this.#start();
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  #start(): Promise<void> {
    this.#next = undefined;
    const run = this.#job();
    this.#running = run;
    const end = (): void => {
      if (this.#running === run) this.#running = undefined;
    };
    run.then(end, end);
    return run;
  }
}
