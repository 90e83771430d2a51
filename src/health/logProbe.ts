import * as l10n from '@vscode/l10n';
import { stripVTControlCharacters } from 'node:util';
import { Emitter } from '../base/emitter.ts';
import type { LogProbe } from '../config/model.ts';
import type { Probe, ProbeContext } from './probe.ts';

/** Longer lines are matched by their beginning: some expressions take time without bound. */
export const maxLineLength = 8 * 1024;

/** Well as soon as a line of the output, colours taken off, has matched; and so it stays. */
export function createLogProbe(
  model: LogProbe,
  { subscribeToLines }: Pick<ProbeContext, 'subscribeToLines'>,
): Probe {
  const pattern = new RegExp(model.pattern);
  const changed = new Emitter<void>();
  let matched: string | undefined;
  let lines = 0;
  const subscription = subscribeToLines((line) => {
    if (matched !== undefined) return;
    lines++;
    const plain = stripVTControlCharacters(line.slice(0, maxLineLength));
    if (!pattern.test(plain)) return;
    matched = shortened(plain);
    // Not disposed here: the subscription may not be assigned yet, when lines come at once.
    changed.fire();
  });
  return {
    check: () =>
      Promise.resolve(
        matched === undefined
          ? { ok: false, seen: l10n.t('no match for {0} in {1} lines', String(pattern), lines) }
          : { ok: true, seen: l10n.t('line "{0}"', matched) },
      ),
    onDidChange: changed.event,
    dispose() {
      subscription.dispose();
      changed.dispose();
    },
  };
}

/** What of a line is shown. */
export function shortened(line: string): string {
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
