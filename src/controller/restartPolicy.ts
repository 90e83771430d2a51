import type { RestartPolicy } from '../config/model.ts';
import { type Attempt, type AttemptSummary, summaryOf, withAttempt } from './attempts.ts';
import type { Afterwards, Cause, ProcessStatus } from './state.ts';

/**
 * Milliseconds to wait before the restart that follows `restarts` earlier ones in a row:
 * `delay × backoff ^ restarts`, at most `max_delay`, and then longer or shorter at random by up to
 * `jitter` of it. `random` is from 0 to 1; 0.5 is no jitter.
 */
export function nextDelay(policy: RestartPolicy, restarts: number, random: number): number {
  // Nothing times an infinite growth would be no number at all.
  if (policy.delayMs === 0) return 0;
  const plainMs = Math.min(policy.delayMs * policy.backoff ** restarts, policy.maxDelayMs);
  return Math.round(plainMs * (1 + policy.jitter * (2 * random - 1)));
}

/** What counts for what follows a failure. */
export interface FailureContext {
  readonly restart: RestartPolicy;
  readonly nowMs: number;
  readonly random: number;
}

/** What follows a failure, and what is to be remembered of it. */
export interface FailureDecision {
  readonly then: Afterwards;
  readonly more: Pick<ProcessStatus, 'restarts' | 'attempts' | 'hasIncident'>;
}

/**
 * What follows a run that ended otherwise than it should: a restart after a delay, a pause when it
 * failed too often in a short time, or `failed`. A run that lasted the policy's window was well, so
 * the count starts again.
 */
export function afterFailure(
  context: FailureContext,
  status: Pick<ProcessStatus, 'restarts' | 'startedAtMs' | 'attempts' | 'hasIncident'>,
  failed: Pick<Attempt, 'code' | 'exit'> & { readonly cause: Cause; readonly isForced?: boolean },
): FailureDecision {
  const { restart, nowMs, random } = context;
  const { code, cause, exit } = failed;
  const lastedMs = lasted(context, status);
  const { restarts, hasIncident } = counted(context, status);
  const attempt = { atMs: nowMs, lastedMs, code, ...(exit === undefined ? {} : { exit }) };
  const attempts = withAttempt(status.attempts, attempt, restart.breaker);
  const history = summaryOf(attempts.slice(-(restarts + 1)));

  const isAsked = restart.policy !== 'never' || failed.isForced === true;
  if (!isAsked || restarts >= (restart.maxRetries ?? Number.POSITIVE_INFINITY)) {
    const failure = { code, cause, restarts, history };
    return { then: { kind: 'failed', failure }, more: { restarts, attempts, hasIncident } };
  }
  const more = { restarts: restarts + 1, attempts, hasIncident };
  const loop = crashLoop(attempts, restart, nowMs);
  if (loop !== undefined) {
    const failure = { code: 'crash-loop' as const, cause, restarts, history: loop.history };
    return { then: { kind: 'failed', failure, retryInMs: loop.coolDownMs }, more };
  }
  return { then: { kind: 'backoff', delayMs: nextDelay(restart, restarts, random), cause }, more };
}

/** What still counts at the end of a run: nothing, if it lasted the window. */
export function counted(
  context: Pick<FailureContext, 'restart' | 'nowMs'>,
  status: Pick<ProcessStatus, 'restarts' | 'startedAtMs' | 'hasIncident'>,
): Pick<ProcessStatus, 'restarts' | 'hasIncident'> {
  const { restarts, hasIncident } = status;
  const wasWell = lasted(context, status) >= context.restart.windowMs;
  return wasWell ? { restarts: 0, hasIncident: false } : { restarts, hasIncident };
}

/** In ms. The wall clock may have been set back meanwhile. */
function lasted(
  { nowMs }: Pick<FailureContext, 'nowMs'>,
  { startedAtMs = nowMs }: Pick<ProcessStatus, 'startedAtMs'>,
): number {
  return Math.max(0, nowMs - startedAtMs);
}

/** The failures that open the circuit breaker, if there are so many. */
function crashLoop(
  attempts: readonly Attempt[],
  { breaker }: RestartPolicy,
  nowMs: number,
): { readonly history: AttemptSummary; readonly coolDownMs: number } | undefined {
  if (breaker === undefined) return undefined;
  const recent = attempts.filter(({ atMs }) => atMs > nowMs - breaker.windowMs);
  if (recent.length < breaker.failures) return undefined;
  return { history: summaryOf(recent), coolDownMs: breaker.coolDownMs };
}
