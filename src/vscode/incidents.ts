import type { FailureEvent } from '../controller/snapshot.ts';

/** What one notification is about: what failed of itself, with those that only followed left out. */
export type Incident = readonly FailureEvent[];

/**
 * Sorts the failures of a short time into what a person is told. Whoever failed because a
 * dependency did is not news beside that dependency, now or a moment ago. Pure.
 */
export function toIncident(
  failures: readonly FailureEvent[],
  hasRecentIncident: boolean,
): Incident | undefined {
  const causes = failures.filter(({ failure }) => failure !== 'dependency-failed');
  if (causes.length > 0) return causes;
  return hasRecentIncident || failures.length === 0 ? undefined : failures;
}
