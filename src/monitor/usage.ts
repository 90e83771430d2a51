import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';

/** What the whole tree of one process used at one moment. */
export interface Usage {
  /** When it was measured, ms since the epoch. */
  readonly atMs: number;
  /** Since the last measurement, in percent of one core; undefined at the first one. */
  readonly cpuPercent: number | undefined;
  /** Resident. Pages that several members share count for each of them, as in `ps`. */
  readonly memoryBytes: number;
  /** Members of the tree, leader first. */
  readonly pids: readonly number[];
  readonly threads?: number;
}

/** What costs more to find out, and is looked up only for who asks. Of the whole tree too. */
export interface UsageDetails {
  readonly openFiles?: number;
  /** TCP connections that are established. */
  readonly connections?: number;
  /** From and to storage, since the members were started. */
  readonly ioReadBytes?: number;
  readonly ioWriteBytes?: number;
}

/** Measurements of the past, oldest first; three columns of the same length. */
export interface UsageSeries {
  /** Ms since the epoch. */
  readonly atMs: readonly number[];
  readonly cpuPercent: readonly number[];
  readonly memoryBytes: readonly number[];
}

/**
 * How urgently somebody wants measurements. `watched`: a person looks at them; `limits`: limits
 * are held by them; `background`: so that there is a past to show when somebody looks.
 */
export type UsageDemand = 'watched' | 'limits' | 'background';

/** Measures what the processes of one environment use, for as long as somebody wants to know. */
export interface UsageMonitor {
  /**
   * Everything that runs was measured: what to read with {@link of} now. At most once a tick, for
   * all processes together. To hold a limit, `demand('limits')` and listen.
   */
  readonly onDidMeasure: Event<void>;
  /** The last measurement; undefined while it does not run, or was not measured yet. */
  of(name: string): Usage | undefined;
  /** The last 15 minutes at the rate they were measured, and thinner some hours before. */
  history(name: string): UsageSeries;
  /** Measures as often as that calls for until disposed. Without any demand nothing is measured. */
  demand(level: UsageDemand): Disposable;
  /** What costs more, looked up now. Undefined where the platform does not tell, or nothing runs. */
  details(name: string): Promise<UsageDetails | undefined>;
}
