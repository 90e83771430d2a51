import type { CircuitBreaker } from '../config/model.ts';
import type { FailureCode } from './snapshot.ts';

/** One run that failed. Times in ms since the epoch. */
export interface Attempt {
  readonly atMs: number;
  readonly lastedMs: number;
  readonly code: FailureCode;
  /** How its leader ended, if that is why it failed. */
  readonly exit?: { readonly code?: number | undefined; readonly signal?: string | undefined };
}

/** Several failures in a row, for a sentence about them. */
export interface AttemptSummary {
  readonly count: number;
  /** From the start of the first one to the end of the last one. */
  readonly spanMs: number;
  /** How long the last one lasted. */
  readonly lastedMs: number;
  /** Did all fail in the same way? */
  readonly isSame: boolean;
}

/** So many are kept, if the circuit breaker does not look at more. */
const keptAttempts = 20;

/** Adds a failure; the oldest ones are forgotten. */
export function withAttempt(
  attempts: readonly Attempt[],
  attempt: Attempt,
  breaker: CircuitBreaker | undefined,
): readonly Attempt[] {
  const kept = Math.max(keptAttempts, breaker?.failures ?? 0);
  return [...attempts, attempt].slice(-kept);
}

/** Sums up failures, oldest first; at least one. */
export function summaryOf(attempts: readonly Attempt[]): AttemptSummary {
  const first = attempts[0];
  const last = attempts.at(-1);
  if (first === undefined || last === undefined) {
    return { count: 0, spanMs: 0, lastedMs: 0, isSame: true };
  }
  return {
    count: attempts.length,
    spanMs: Math.max(0, last.atMs - (first.atMs - first.lastedMs)),
    lastedMs: last.lastedMs,
    isSame: attempts.every((attempt) => manner(attempt) === manner(last)),
  };
}

function manner({ code, exit }: Attempt): string {
  return `${code} ${exit?.code ?? ''} ${exit?.signal ?? ''}`;
}
