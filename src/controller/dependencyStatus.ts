import * as l10n from '@vscode/l10n';
import type { Dependency } from '../config/model.ts';
import type { ProcessState } from './state.ts';

/** May the dependent start? `impossible`: not unless somebody acts on the dependency. */
export type DependencyStatus = 'met' | 'pending' | 'impossible';

/** Does a dependency in this state satisfy the condition, will it, or can it not? */
export function dependencyStatus(
  condition: Dependency['condition'],
  state: ProcessState,
): DependencyStatus {
  switch (state.name) {
    case 'running':
      return condition === 'completed' ? 'pending' : 'met';
    case 'completed':
      return 'met';
    case 'starting':
      return condition === 'started' && state.isSpawned ? 'met' : 'pending';
    case 'waiting':
    case 'backoff':
    case 'stopping':
      // Also of one that is stopping: where it ends up is known when it is there.
      return 'pending';
    case 'stopped':
    case 'failed':
      return 'impossible';
  }
}

/** May a process start now? If it cannot, which dependency stands in the way, and why. */
export type DependencyVerdict =
  | { readonly kind: 'met' }
  | { readonly kind: 'pending' }
  | {
      readonly kind: 'impossible';
      readonly name: string;
      readonly why: string;
      /** The dependency will be started again by itself. */
      readonly isPassing?: boolean;
    };

/** Judges all dependencies of a process together: one that is impossible decides. */
export function dependencyVerdict(
  dependencies: readonly Dependency[],
  look: (name: string) => { state: ProcessState; reason: () => string | undefined } | undefined,
): DependencyVerdict {
  let isPending = false;
  for (const { name, condition } of dependencies) {
    const found = look(name);
    if (found === undefined) {
      return { kind: 'impossible', name, why: l10n.t('it is not in the file') };
    }
    const status = dependencyStatus(condition, found.state);
    if (status === 'impossible') return rootOf(name, found.state, found.reason());
    isPending ||= status === 'pending';
  }
  return isPending ? { kind: 'pending' } : { kind: 'met' };
}

/** Names the process at the root of a chain of failures, not the last link of it. */
function rootOf(
  name: string,
  state: ProcessState,
  reason: string | undefined,
): DependencyVerdict & { kind: 'impossible' } {
  if (state.name === 'failed') {
    const { cause } = state.failure;
    if (cause.kind === 'dependency-failed') {
      const { name: root, why, isPassing } = cause;
      return { kind: 'impossible', name: root, why, ...(isPassing === true ? { isPassing } : {}) };
    }
    return {
      kind: 'impossible',
      name,
      why: reason === undefined ? l10n.t('it failed') : l10n.t('it failed ({0})', reason),
      ...(state.retryAtMs === undefined ? {} : { isPassing: true }),
    };
  }
  return {
    kind: 'impossible',
    name,
    why: reason === undefined ? l10n.t('it is stopped') : l10n.t('it is stopped ({0})', reason),
  };
}
