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
      return 'pending';
    case 'stopping':
      return willBeUp(state.then.kind) ? 'pending' : 'impossible';
    case 'stopped':
    case 'failed':
      return 'impossible';
  }
}

function willBeUp(kind: (ProcessState & { name: 'stopping' })['then']['kind']): boolean {
  return kind === 'start' || kind === 'backoff' || kind === 'completed';
}
