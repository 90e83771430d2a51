import { type Clock, delay } from '../base/clock.ts';
import type { Probe, ProbeResult } from './probe.ts';

export interface WaitUntilReadyOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of each try, numbered from 1; not of one that was aborted. */
  readonly onAttempt?: (result: ProbeResult, tries: number) => void;
}

/** Tries again and again, one try at a time, until the probe is well or the signal aborts. */
export async function waitUntilReady(
  probe: Probe,
  { clock, signal, onAttempt }: WaitUntilReadyOptions,
): Promise<'ready' | 'aborted'> {
  const startedAtMs = clock.now();
  const isAborted = (): boolean => signal.aborted;
  for (let tries = 1; !isAborted(); tries++) {
    // Heard from before the try on: a change during it must not be slept through.
    const change = nextChange(probe, signal);
    try {
      const result = await probe.check(signal);
      if (isAborted()) break;
      onAttempt?.(result, tries);
      if (result.ok) return 'ready';
      await delay(clock, nextProbeDelay(clock.now() - startedAtMs), change.signal);
    } finally {
      change.dispose();
    }
  }
  return 'aborted';
}

/**
 * How long to wait before the next try, in ms, after `elapsedMs` of waiting in all. A tenth of it:
 * what becomes ready is noticed at most 10 % later than it could be, however long it takes, at a
 * cost that grows with the logarithm of the time only. No less than 10 ms, which nobody notices
 * and which leaves the machine to the program that is starting; no more than a second, which a
 * person who waits would notice.
 */
export function nextProbeDelay(elapsedMs: number): number {
  return Math.min(Math.max(elapsedMs / 10, 10), 1000);
}

function nextChange(
  probe: Probe,
  outer: AbortSignal,
): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  outer.addEventListener('abort', end, { once: true });
  const subscription = probe.onDidChange?.(end);
  return {
    signal: controller.signal,
    dispose() {
      outer.removeEventListener('abort', end);
      subscription?.dispose();
    },
  };
}
