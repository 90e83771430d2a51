import * as l10n from '@vscode/l10n';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Schedule } from '../config/model.ts';
import { decideScheduled, occupationOf } from './scheduleDecision.ts';
import { decideTime, maxCounted, type ScheduleTimes } from './scheduleTimes.ts';
import type { ProcessFacts, TriggeredProcess } from './triggeredProcess.ts';

/**
 * How long a timer runs at most, in ms. Timers do not count the time a machine sleeps, nor notice
 * that its clock was set: so the time is looked at again now and then.
 */
const maxWaitMs = 30_000;

/** What outlives the host. */
export interface ScheduleMemory {
  readonly nextMs: number | undefined;
  readonly isQueued: boolean;
}

/** The schedule of one armed process: waits for its times, and acts on them. */
export class ScheduleTrigger implements Disposable {
  readonly #overlap: Schedule['overlap'];
  readonly #times: ScheduleTimes;
  readonly #clock: Clock;
  readonly #process: TriggeredProcess;
  readonly #remember: (memory: ScheduleMemory) => void;
  #timer: Disposable | undefined;
  #nextMs: number | undefined;
  #isQueued: boolean;
  #note: string | undefined;

  /** `memory` is what an earlier host awaited. */
  constructor(
    overlap: Schedule['overlap'],
    times: ScheduleTimes,
    clock: Clock,
    process: TriggeredProcess,
    memory: ScheduleMemory,
    remember: (memory: ScheduleMemory) => void,
  ) {
    this.#overlap = overlap;
    this.#times = times;
    this.#clock = clock;
    this.#process = process;
    this.#remember = remember;
    this.#isQueued = memory.isQueued;
    this.#nextMs = memory.nextMs ?? times.next(clock.now());
    this.#look();
  }

  /** When the process is started or restarted next, in ms since the epoch. */
  get nextMs(): number | undefined {
    return this.#nextMs;
  }

  /** What became of the last time, if nothing did that shows otherwise. In words. */
  get note(): string | undefined {
    return this.#note;
  }

  /** To be called when the state of the process changed: what was queued can go on. */
  onStateChange(): void {
    if (!this.#isQueued) return;
    const facts = this.#process.facts();
    if (facts === undefined || occupationOf(facts.kind, facts.state) === 'busy') return;
    this.#isQueued = false;
    this.#note = undefined;
    this.#save();
    this.#act('start', facts, this.#clock.now());
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #look(): void {
    if (this.#nextMs === undefined) return;
    const nowMs = this.#clock.now();
    const due = decideTime(this.#times, this.#nextMs, nowMs);
    if (due.kind !== 'wait') {
      this.#nextMs = this.#times.next(Math.max(due.atMs, nowMs));
      if (due.kind === 'due') this.#onDue(due.atMs);
      else this.#note = missedText(due.atMs, due.count);
      this.#process.announce();
    }
    this.#save();
    if (this.#nextMs === undefined) return;
    const waitMs = Math.min(Math.max(0, this.#nextMs - nowMs), maxWaitMs);
    this.#timer = this.#clock.schedule(waitMs, () => {
      this.#look();
    });
  }

  #onDue(atMs: number): void {
    const facts = this.#process.facts();
    if (facts === undefined) return;
    const action = decideScheduled(this.#overlap, occupationOf(facts.kind, facts.state));
    this.#note = undefined;
    if (action === 'skip') {
      this.#note = l10n.t('skipped at {0}, since the run before was not over', timeText(atMs));
    } else if (action === 'queue') {
      this.#isQueued = true;
      this.#note = l10n.t('queued at {0}, until the present run is over', timeText(atMs));
    } else this.#act(action, facts, atMs);
  }

  #act(action: 'start' | 'restart', { stoppedNeed }: ProcessFacts, atMs: number): void {
    if (stoppedNeed !== undefined) {
      this.#note = l10n.t(
        'not started at {0}, since it needs {1}, which you stopped',
        timeText(atMs),
        stoppedNeed,
      );
      this.#process.announce();
    } else if (action === 'start') this.#process.start('schedule', undefined);
    else this.#process.restart('schedule', undefined);
  }

  #save(): void {
    this.#remember({ nextMs: this.#nextMs, isQueued: this.#isQueued });
  }
}

function missedText(atMs: number, count: number): string {
  const time = timeText(atMs);
  if (count === 1) return l10n.t('missed at {0}, since nobody was there to start it', time);
  const words = count === maxCounted ? l10n.t('more than {0}', count) : String(count);
  return l10n.t('missed {0} times until {1}, since nobody was there to start it', words, time);
}

/** In the person's time zone, whatever that of the schedule is. */
function timeText(atMs: number): string {
  return new Date(atMs).toTimeString().slice(0, 5);
}
