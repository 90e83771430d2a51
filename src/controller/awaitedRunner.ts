import * as l10n from '@vscode/l10n';
import { closest } from '../config/suggest.ts';
import type { ProcessModel } from '../config/model.ts';
import { type RunnerRegistry, runners } from '../process/runners/runnerRegistry.ts';
import type { ProcessState } from './state.ts';

/** A process, as far as one has to know it to tell whether it waits for its runner. */
export interface RunnerUser {
  readonly definition: Pick<ProcessModel, 'runner'>;
  readonly status: { readonly state: ProcessState };
  /** Another host starts it, with runners of its own. */
  readonly isWatched: boolean;
}

/**
 * What a start waits for whose runner is not there yet, in words: another extension may be about to
 * add it, or its name is misspelled. Undefined when it waits for none.
 */
export function awaitedRunner(
  { definition: { runner }, status: { state }, isWatched }: RunnerUser,
  registry: Pick<RunnerRegistry, 'isAwaited' | 'names'> = runners,
): string | undefined {
  if (runner === undefined || isWatched) return undefined;
  if (state.name !== 'starting' || state.isSpawned || !registry.isAwaited(runner.name)) {
    return undefined;
  }
  const words = l10n.t(
    'waits for the runner "{0}", which another extension may be about to add',
    runner.name,
  );
  const meant = closest(runner.name, registry.names);
  return meant === undefined ? words : `${words}. ${l10n.t('Did you mean "{0}"?', meant)}`;
}
