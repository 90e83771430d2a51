import * as l10n from '@vscode/l10n';
import { DevEnvError } from '../base/errors.ts';
import type { Explanation } from '../controller/explain.ts';

/**
 * An explanation as lines of text: how it is, because of what, what happened, and its last words.
 * @throws DevEnvError `unknown-process` when there is none
 */
export function explanationLines(name: string, explanation: Explanation | undefined): string[] {
  if (explanation === undefined) {
    throw new DevEnvError('unknown-process', l10n.t('There is no process "{0}".', name));
  }
  const { summary, because, history, output } = explanation;
  const lines = [`${name}: ${summary}`, ...because.map((one) => `  ${one.name}: ${one.summary}`)];
  if (history.length > 0) lines.push('', l10n.t('What happened to it:'));
  for (const { atMs, state, run, why } of history) {
    const time = new Date(atMs).toTimeString().slice(0, 8);
    const words = why === undefined ? state : `${state}: ${why}`;
    lines.push(
      run === 0 ? `  ${time}  ${words}` : `  ${time}  ${l10n.t('run {0}', run)}  ${words}`,
    );
  }
  if (output.length > 0) lines.push('', l10n.t('Its last lines:'));
  return [...lines, ...output.map((line) => `  ${line}`)];
}
