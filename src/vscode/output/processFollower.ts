import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import type { ProcessSnapshot, RunEvent } from '../../controller/snapshot.ts';
import type { Environments, ProcessRef } from '../environments.ts';
import { isActive } from '../processFacts.ts';
import { endBorder, runBorder } from './runBorders.ts';

/** A log that is being read. */
export interface FollowedLog extends Disposable {
  /** Resolves when everything the log holds was shown, but for a line that is not complete. */
  catchUp(): Promise<unknown>;
  /** Resolves when everything the log holds was shown, its last words included. */
  flush(): Promise<void>;
}

/** What shows the output of a process. */
export interface FollowSink {
  open(logPath: string): FollowedLog;
  /** Words on the border between two runs. */
  border(words: string): void;
}

/**
 * Shows the runs of one process, one after the other: the present or last one first, then each that
 * begins. What is told of comes in order, however long the reading of a log takes.
 */
export class ProcessFollower implements Disposable {
  readonly #ref: ProcessRef;
  readonly #sink: FollowSink;
  readonly #clock: Clock;
  readonly #store = new DisposableStore();
  #queue: Promise<void> = Promise.resolve();
  #followed: { readonly run: number; readonly log: FollowedLog } | undefined;
  #hasBegun = false;

  constructor(environments: Environments, ref: ProcessRef, sink: FollowSink, clock: Clock) {
    this.#ref = ref;
    this.#sink = sink;
    this.#clock = clock;
    this.#store.add(
      environments.onDidRun(({ environment, event }) => {
        if (environment === ref.environment && event.name === ref.name) this.#onRun(event);
      }),
    );
    // After a reload the environment is there a moment later.
    this.#store.add(environments.onDidChangeStatus(() => this.#begin()));
    this.#begin();
  }

  /** Resolves when everything that is known now was shown. */
  async settled(): Promise<void> {
    await this.#queue;
    await this.#followed?.log.catchUp();
  }

  dispose(): void {
    this.#store.dispose();
    this.#followed?.log.dispose();
    this.#followed = undefined;
  }

  #process(): ProcessSnapshot | undefined {
    return this.#ref.environment.controller?.process(this.#ref.name);
  }

  #begin(): void {
    const process = this.#process();
    if (this.#hasBegun || process?.logPath === undefined) return;
    this.#hasBegun = true;
    const { logPath, run } = process;
    this.#do(() => {
      this.#open(run, logPath);
    });
    if (isActive(process)) return;
    this.#end(run, endBorder(run, process, this.#clock.now()));
  }

  #onRun(event: RunEvent): void {
    const { kind, run, logPath } = event;
    this.#hasBegun = true;
    const border = runBorder(event, this.#process(), this.#clock.now());
    if (kind === 'ended') {
      this.#end(run, border);
      return;
    }
    this.#do(async () => {
      if (this.#followed?.run === run) return;
      await this.#followed?.log.flush();
      if (this.#store.isDisposed) return;
      this.#sink.border(border);
      this.#open(run, logPath);
    });
  }

  #end(run: number, border: string): void {
    this.#do(async () => {
      const followed = this.#followed;
      if (followed?.run !== run) return;
      await followed.log.flush();
      if (this.#store.isDisposed) return;
      this.#sink.border(border);
      followed.log.dispose();
      this.#followed = undefined;
    });
  }

  #open(run: number, logPath: string): void {
    this.#followed?.log.dispose();
    this.#followed = { run, log: this.#sink.open(logPath) };
  }

  #do(work: () => Promise<void> | void): void {
    this.#queue = this.#queue.then(async () => {
      if (!this.#store.isDisposed) await work();
    });
  }
}
