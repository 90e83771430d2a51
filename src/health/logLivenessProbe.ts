import * as l10n from '@vscode/l10n';
import { stripVTControlCharacters } from 'node:util';
import type { LogProbe } from '../config/model.ts';
import { maxLineLength, shortened } from './logProbe.ts';
import type { Probe, ProbeContext } from './probe.ts';

/**
 * A sign of life in the output: well when a line has matched since the last try. So a process that
 * is silent for `interval` × `failure_threshold` is unhealthy.
 */
export function createLogLivenessProbe(
  model: LogProbe,
  { subscribeToLines }: Pick<ProbeContext, 'subscribeToLines'>,
): Probe {
  const pattern = new RegExp(model.pattern);
  let matched: string | undefined;
  let lines = 0;
  const subscription = subscribeToLines((line) => {
    lines++;
    // One match is enough until the next try: the expression is not run on a flood.
    if (matched !== undefined) return;
    const plain = stripVTControlCharacters(line.slice(0, maxLineLength));
    if (pattern.test(plain)) matched = shortened(plain);
  }, 'now');
  return {
    isListening: true,
    check() {
      const result =
        matched === undefined
          ? {
              ok: false,
              seen: l10n.t('no match for {0} in the last {1} lines', String(pattern), lines),
            }
          : { ok: true, seen: l10n.t('line "{0}"', matched) };
      matched = undefined;
      lines = 0;
      return Promise.resolve(result);
    },
    dispose: () => subscription.dispose(),
  };
}
