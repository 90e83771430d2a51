import type { ProcessKind } from '../config/model.ts';
import type { OperationResult } from './snapshot.ts';
import type { ProcessState } from './state.ts';

/** What an operation on one process came to: not yet known, as asked for, otherwise, or overtaken. */
export type Outcome = 'pending' | 'succeeded' | 'failed' | 'cancelled';

/** Pure: has a process in this state reached what the operation wants? */
export function outcomeOf(want: 'up' | 'down', kind: ProcessKind, state: ProcessState): Outcome {
  switch (state.name) {
    case 'running':
      if (want === 'up' && kind === 'task') return 'pending';
      return want === 'up' ? 'succeeded' : 'cancelled';
    case 'completed':
      return want === 'up' ? 'succeeded' : 'cancelled';
    case 'stopped':
      if (want === 'down') return 'succeeded';
      // A service that ended by itself did not become what was asked for; a stop overtook it.
      return state.cause?.kind === 'requested' ? 'cancelled' : 'failed';
    case 'failed':
      return want === 'up' || state.failure.code === 'not-stopped' ? 'failed' : 'succeeded';
    case 'waiting':
    case 'starting':
    case 'backoff':
      return want === 'up' ? 'pending' : 'cancelled';
    case 'stopping':
      return 'pending';
  }
}

/** Follows several processes until each has an outcome. */
export class Operation {
  readonly #want: 'up' | 'down';
  readonly #open: Set<string>;
  readonly #succeeded: string[] = [];
  readonly #failed: { name: string; reason: string }[] = [];
  readonly #cancelled: string[] = [];
  #resolve: (result: OperationResult) => void = () => undefined;
  readonly result: Promise<OperationResult>;

  constructor(want: 'up' | 'down', names: Iterable<string>) {
    this.#want = want;
    this.#open = new Set(names);
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isDone(): boolean {
    return this.#open.size === 0;
  }

  get hasFailed(): boolean {
    return this.#failed.length > 0;
  }

  /** Looks at a process again; `state` is undefined when it does not exist any more. */
  update(
    name: string,
    process:
      { kind: ProcessKind; state: ProcessState; reason: () => string | undefined } | undefined,
  ): void {
    if (!this.#open.has(name)) return;
    const goneOutcome = this.#want === 'down' ? 'succeeded' : 'cancelled';
    const outcome =
      process === undefined ? goneOutcome : outcomeOf(this.#want, process.kind, process.state);
    if (outcome === 'pending') return;
    this.#open.delete(name);
    if (outcome === 'succeeded') this.#succeeded.push(name);
    else if (outcome === 'cancelled') this.#cancelled.push(name);
    else this.#failed.push({ name, reason: process?.reason() ?? '' });
    this.settleIfDone();
  }

  /** Nobody will carry it out any more. */
  cancel(): void {
    this.#cancelled.push(...this.#open);
    this.#open.clear();
    this.settleIfDone();
  }

  settleIfDone(): void {
    if (!this.isDone) return;
    this.#resolve({
      succeeded: this.#succeeded,
      failed: this.#failed,
      cancelled: this.#cancelled,
    });
  }
}
