import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { ProcessModel } from '../config/model.ts';
import { ScheduleTrigger } from './scheduleTrigger.ts';
import type { TriggerBook } from './triggerBook.ts';
import type { TriggeredProcess } from './triggeredProcess.ts';
import { WatchTrigger } from './watchTrigger.ts';

/** The triggers of one armed process, as the file has them now. What they know is kept in the book. */
export class ProcessTriggers implements Disposable {
  readonly #process: TriggeredProcess;
  readonly #clock: Clock;
  readonly #book: TriggerBook;
  /** What the present triggers were made from, to tell whether the file says something else. */
  #spec = '';
  #schedule: ScheduleTrigger | undefined;
  #watch: WatchTrigger | undefined;

  constructor(process: TriggeredProcess, clock: Clock, book: TriggerBook) {
    this.#process = process;
    this.#clock = clock;
    this.#book = book;
  }

  get nextScheduledAtMs(): number | undefined {
    return this.#schedule?.nextMs;
  }

  /** What is to be told of the triggers, in words. */
  get note(): string | undefined {
    return this.#watch?.note ?? this.#schedule?.note;
  }

  /** Resolves when changes of files are noticed. */
  get ready(): Promise<void> {
    return this.#watch?.ready ?? Promise.resolve();
  }

  /** Takes what the file says now. Triggers that are the same go on as they are. */
  setDefinition({ schedule, watch }: Pick<ProcessModel, 'schedule' | 'watch'>): void {
    const spec = JSON.stringify([schedule, watch]);
    if (spec === this.#spec) return;
    const isFirst = this.#spec === '';
    this.#spec = spec;
    this.dispose();
    const { name } = this.#process;
    const remember = (more: object): void => {
      this.#book.set(name, { ...this.#book.get(name), ...more });
    };
    const known = this.#book.get(name) ?? {};
    // What was awaited by another schedule than this one is of no use.
    const nextMs = isFirst ? known.nextMs : undefined;
    const isQueued = schedule !== undefined && known.isQueued === true;
    this.#schedule =
      schedule &&
      new ScheduleTrigger(schedule, this.#clock, this.#process, { nextMs, isQueued }, remember);
    const loopFile = isFirst ? known.loopFile : undefined;
    this.#watch =
      watch &&
      new WatchTrigger(watch, this.#clock, this.#process, loopFile, (file) => {
        remember({ loopFile: file });
      });
  }

  /** Somebody started or restarted the process: what went wrong before counts no more. */
  reset(): void {
    const { loopFile: _loopFile, ...rest } = this.#book.get(this.#process.name) ?? {};
    this.#book.set(this.#process.name, rest);
    this.#watch?.reset();
  }

  onStateChange(): void {
    this.#schedule?.onStateChange();
    this.#watch?.onStateChange();
  }

  dispose(): void {
    this.#schedule?.dispose();
    this.#watch?.dispose();
    this.#schedule = undefined;
    this.#watch = undefined;
  }
}
