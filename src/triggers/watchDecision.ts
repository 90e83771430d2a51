import type { ProcessFacts } from './triggeredProcess.ts';

export type WatchAction =
  | 'start'
  | 'restart'
  /** It will start with the new files anyway, or nobody wants it to run. */
  | 'nothing'
  /** It is just ending: look again when it has. */
  | 'later';

/** What a change of its files means to a process. What a person stopped stays so. Pure. */
export function decideWatch({ state, isDownByRequest }: ProcessFacts): WatchAction {
  switch (state) {
    case 'starting':
    case 'running':
      return 'restart';
    case 'stopping':
      return 'later';
    case 'backoff':
    case 'failed':
    case 'completed':
      return 'start';
    case 'stopped':
      return isDownByRequest ? 'nothing' : 'start';
    default:
      return 'nothing';
  }
}
