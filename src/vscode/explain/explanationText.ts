import * as l10n from '@vscode/l10n';
import type { Explanation } from '../../controller/explain.ts';
import type { StateName } from '../../controller/snapshot.ts';

/** Times and states as the rest of the editor shows them. */
export interface ExplanationWords {
  readonly time: (atMs: number) => string;
  readonly state: (state: StateName) => string;
}

/** An explanation as a text to read: how it is, because of whom, what it said, what happened. */
export function explanationText(
  { name, summary, because, history, output }: Explanation,
  { time, state }: ExplanationWords,
): string {
  const parts = [`${name}: ${summary}`];
  if (because.length > 0) {
    const lines = because.map((other) => `  ${other.name}: ${other.summary}`);
    parts.push([l10n.t('Because of'), ...lines].join('\n'));
  }
  if (output.length > 0) {
    parts.push([l10n.t('Its last lines'), ...output.map((line) => `  ${line}`)].join('\n'));
  }
  if (history.length > 0) {
    // What waits for the first time has no run yet.
    const label = (run: number): string => (run === 0 ? '' : l10n.t('run {0}', run));
    const width = Math.max(...history.map(({ run }) => label(run).length));
    const lines = history.map(({ atMs, state: entered, run, why }) => {
      const start = `  ${time(atMs)}  ${label(run).padEnd(width)}  ${state(entered)}`;
      return why === undefined ? start : `${start}: ${why}`;
    });
    parts.push([l10n.t('What happened'), ...lines].join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
}
