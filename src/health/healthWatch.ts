import { type Clock, delay } from '../base/clock.ts';
import type { HealthCheck } from '../config/model.ts';
import type { Probe, ProbeResult } from './probe.ts';
import { judge, type Judgement, noJudgement, type Verdict } from './thresholds.ts';

export interface HealthWatchOptions extends Pick<
  HealthCheck,
  'intervalMs' | 'failureThreshold' | 'successThreshold'
> {
  readonly clock: Clock;
  /** Ends the watch, and a try that is under way. */
  readonly signal: AbortSignal;
  /** From 0 to 1; by it the first try is spread over the interval. */
  readonly random?: () => number;
  /** The verdict is another one, because of what was seen last. */
  readonly onVerdict: (verdict: Exclude<Verdict, 'unknown'>, seen: string) => void;
  /** Told of each try, before `onVerdict`; not of one that was aborted. */
  readonly onCheck?: (result: ProbeResult, judgement: Judgement) => void;
}

/**
 * Asks a probe again and again until the signal aborts, one try at a time: a try begins at each
 * multiple of the interval at which none is under way. The caller disposes the probe.
 */
export async function watchHealth(probe: Probe, options: HealthWatchOptions): Promise<void> {
  const { clock, signal, intervalMs, random = Math.random } = options;
  // Many processes that started together would be asked in the same moment for ever after. A probe
  // that listens costs nothing, and has to have listened for an interval to say anything.
  await delay(clock, probe.isListening === true ? intervalMs : random() * intervalMs, signal);
  let judgement = noJudgement;
  while (!signal.aborted) {
    const startedAtMs = clock.now();
    const result = await probe.check(signal);
    if (isAborted(signal)) return;
    const { verdict: before } = judgement;
    judgement = judge(judgement, result.ok, options);
    options.onCheck?.(result, judgement);
    const { verdict } = judgement;
    if (verdict !== before && verdict !== 'unknown') options.onVerdict(verdict, result.seen);
    await delay(clock, untilNextTry(clock.now() - startedAtMs, intervalMs), signal);
  }
}

/**
 * The time to the next multiple of the interval, in ms, when a try took `elapsedMs`. One that took
 * longer than the interval is not followed by another at once: that would be asking without pause
 * what has no time to answer.
 */
export function untilNextTry(elapsedMs: number, intervalMs: number): number {
  // The wall clock may have been set back meanwhile.
  return intervalMs - (Math.max(0, elapsedMs) % intervalMs);
}

/** Asked by a function, since the compiler takes a signal that was not aborted to stay so. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
