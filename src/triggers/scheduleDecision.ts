import type { ProcessKind, Schedule } from '../config/model.ts';

/** What a process does, as far as a schedule cares. */
export type Occupation =
  /** Nothing runs. */
  | 'idle'
  /** A service that is up. */
  | 'up'
  /** A task at work; anything that is on its way up or down. */
  | 'busy';

export type ScheduledAction = 'start' | 'restart' | 'skip' | 'queue';

/**
 * What happens when a time of the schedule has come. For a task the overlap policy counts while it
 * is at work, for a service only while it is still starting or stopping. Pure.
 */
export function decideScheduled(
  overlap: Schedule['overlap'],
  occupation: Occupation,
): ScheduledAction {
  switch (occupation) {
    case 'idle':
      return 'start';
    case 'up':
      return 'restart';
    case 'busy':
      return overlap === 'replace' ? 'restart' : overlap;
  }
}

/** How a process stands towards its schedule. */
export function occupationOf(kind: ProcessKind, state: string): Occupation {
  switch (state) {
    case 'stopped':
    case 'completed':
    case 'failed':
    case 'backoff':
      // One that waits for its next try goes on waiting: the controller sees to that.
      return 'idle';
    case 'running':
      return kind === 'task' ? 'busy' : 'up';
    default:
      return 'busy';
  }
}
