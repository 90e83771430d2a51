import type { RestartCounts } from './snapshot.ts';
import type { Cause } from './state.ts';

/** Counts one more restart, by what began it. */
export function countRestart(counts: RestartCounts, cause: Cause): RestartCounts {
  const by = beginnerOf(cause);
  return { ...counts, [by]: (counts[by] ?? 0) + 1 };
}

/** Who or what a cause goes back to. */
export function beginnerOf(cause: Cause): keyof RestartCounts {
  if (cause.kind === 'requested') return cause.by;
  if (cause.kind !== 'unwell') return 'crash';
  switch (cause.code) {
    case 'unhealthy':
      return 'health';
    case 'limit-exceeded':
      return 'limit';
    case 'watch-loop':
      return 'watch';
  }
}
