import type { ProcessKind } from '../config/model.ts';

/** A process as its triggers see it. */
export interface ProcessFacts {
  readonly kind: ProcessKind;
  /** A `StateName` of the controller. */
  readonly state: string;
  /** Of the present or last run; 0 when there was none. */
  readonly run: number;
  readonly startedAtMs: number | undefined;
  /** It is down because somebody asked for that, or has never been up. */
  readonly isDownByRequest: boolean;
  /** What it needs and a person stopped: no rule starts that, so it cannot be started either. */
  readonly stoppedNeed: string | undefined;
}

/** What triggers can do to a process, and need to know of it. */
export interface TriggeredProcess {
  readonly name: string;
  facts(): ProcessFacts | undefined;
  start(by: 'schedule' | 'watch', detail: string | undefined): void;
  restart(by: 'schedule' | 'watch', detail: string | undefined): void;
  /** Ends it, if it runs, since it causes its own restarts. `why` in words. */
  giveUp(why: string): void;
  /** Something changed of what a trigger shows. */
  announce(): void;
}
