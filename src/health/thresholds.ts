import type { HealthCheck } from '../config/model.ts';

/** What a health check holds of a process; `unknown` until it has said anything. */
export type Verdict = 'unknown' | 'healthy' | 'unhealthy';

/** A verdict, and the results in a row that speak for it or against it. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly failuresInRow: number;
  readonly successesInRow: number;
}

export type Thresholds = Pick<HealthCheck, 'failureThreshold' | 'successThreshold'>;

export const noJudgement: Judgement = {
  verdict: 'unknown',
  failuresInRow: 0,
  successesInRow: 0,
};

/**
 * What follows from one more result. A process that nobody has asked yet is healthy after its first
 * success: `successThreshold` is for one that was unhealthy.
 */
export function judge(
  { verdict, failuresInRow, successesInRow }: Judgement,
  isOk: boolean,
  { failureThreshold, successThreshold }: Thresholds,
): Judgement {
  if (isOk) {
    const successes = successesInRow + 1;
    const isWell = verdict !== 'unhealthy' || successes >= successThreshold;
    return {
      verdict: isWell ? 'healthy' : verdict,
      failuresInRow: 0,
      successesInRow: successes,
    };
  }
  const failures = failuresInRow + 1;
  return {
    verdict: failures >= failureThreshold ? 'unhealthy' : verdict,
    failuresInRow: failures,
    successesInRow: 0,
  };
}
