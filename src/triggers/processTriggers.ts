import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { ProcessModel, Schedule } from '../config/model.ts';
import { ScheduleTimes } from './scheduleTimes.ts';
import { ScheduleTrigger } from './scheduleTrigger.ts';
import type { TriggerBook, TriggerEntry } from './triggerBook.ts';
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
  #reading: Promise<void> = Promise.resolve();

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

  /** Resolves when the next time is known, and changes of files are noticed. */
  async ready(): Promise<void> {
    await this.#reading;
    await this.#watch?.ready;
  }

  /** Takes what the file says now. Triggers that are the same go on as they are. */
  setDefinition({ schedule, watch }: Pick<ProcessModel, 'schedule' | 'watch'>): void {
    const spec = JSON.stringify([schedule, watch]);
    if (spec === this.#spec) return;
    // What was awaited by another schedule than this one is of no use.
    const known = this.#spec === '' ? this.#known : {};
    this.#end();
    this.#spec = spec;
    if (watch !== undefined) {
      this.#watch = new WatchTrigger(watch, this.#clock, this.#process, known.loopFile, (file) => {
        this.#remember({ loopFile: file });
      });
    }
    this.#reading =
      schedule === undefined ? Promise.resolve() : this.#setSchedule(schedule, spec, known);
  }

  /** Somebody started or restarted the process: what went wrong before counts no more. */
  reset(): void {
    const { loopFile: _loopFile, ...rest } = this.#known;
    this.#book.set(this.#process.name, rest);
    this.#watch?.reset();
  }

  onStateChange(): void {
    this.#schedule?.onStateChange();
    this.#watch?.onStateChange();
  }

  dispose(): void {
    this.#end();
    this.#spec = 'disposed';
  }

  async #setSchedule(schedule: Schedule, spec: string, known: TriggerEntry): Promise<void> {
    const times = await ScheduleTimes.read(schedule);
    // The file may have changed meanwhile.
    if (this.#spec !== spec) return;
    const memory = { nextMs: known.nextMs, isQueued: known.isQueued === true };
    this.#schedule = new ScheduleTrigger(
      schedule.overlap,
      times,
      this.#clock,
      this.#process,
      memory,
      ({ nextMs, isQueued }) => {
        this.#remember({ nextMs, isQueued });
      },
    );
    this.#schedule.onStateChange();
    this.#process.announce();
  }

  get #known(): TriggerEntry {
    return this.#book.get(this.#process.name) ?? {};
  }

  #remember(more: TriggerEntry): void {
    this.#book.set(this.#process.name, { ...this.#known, ...more });
  }

  #end(): void {
    this.#schedule?.dispose();
    this.#watch?.dispose();
    this.#schedule = undefined;
    this.#watch = undefined;
  }
}
