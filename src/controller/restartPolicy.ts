import type { RestartPolicy } from '../config/model.ts';
import type { FailureCode } from './snapshot.ts';
import type { Afterwards, Cause, ProcessStatus } from './state.ts';

/**
 * Milliseconds to wait before the restart that follows `restarts` earlier ones in a row:
 * `delay × backoff ^ restarts`, at most `max_delay`.
 */
export function nextDelay(policy: RestartPolicy, restarts: number): number {
  return Math.min(policy.delayMs * policy.backoff ** restarts, policy.maxDelayMs);
}

/**
 * What follows a run that ended otherwise than it should: a restart after a delay, or `failed`. A
 * run that lasted the policy's window counts as well, so the count starts again.
 */
export function afterFailure(
  context: { readonly restart: RestartPolicy; readonly nowMs: number },
  status: Pick<ProcessStatus, 'restarts' | 'startedAtMs'>,
  code: FailureCode,
  cause: Cause,
): { then: Afterwards; restarts: number } {
  const { restart, nowMs } = context;
  const lastedMs = nowMs - (status.startedAtMs ?? nowMs);
  const restarts = lastedMs >= restart.windowMs ? 0 : status.restarts;
  const mayRestart =
    restart.policy !== 'never' && restarts < (restart.maxRetries ?? Number.POSITIVE_INFINITY);
  if (!mayRestart)
    return { then: { kind: 'failed', failure: { code, cause, restarts } }, restarts };
  return {
    then: { kind: 'backoff', delayMs: nextDelay(restart, restarts), cause },
    restarts: restarts + 1,
  };
}
