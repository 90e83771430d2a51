import type { ProcessModel } from '../config/model.ts';
import { dependencyStatus } from './dependencyStatus.ts';
import type { RequestedBy } from './snapshot.ts';
import type { Cause, ProcessState } from './state.ts';

/** A process, as far as a rule has to know it that wants it up, or something that needs it. */
export interface NeededProcess {
  readonly definition: Pick<ProcessModel, 'dependsOn'>;
  readonly state: ProcessState;
}

/**
 * What a rule would have to start for `name`, and must not, since a person stopped it: the first
 * such dependency, or one of a dependency that is down as well. Pure.
 */
export function stoppedNeed(
  name: string,
  find: (name: string) => NeededProcess | undefined,
): string | undefined {
  const seen = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { name: need, condition } of find(next)?.definition.dependsOn ?? []) {
      const needed = find(need);
      if (needed === undefined || seen.has(need)) continue;
      if (dependencyStatus(condition, needed.state) === 'met') continue;
      if (isStoppedByPerson(needed.state)) return need;
      seen.add(need);
      // What is on its way up has what it needs.
      if (!isComing(needed.state)) open.push(need);
    }
  }
  return undefined;
}

/** Did a person stop it, or is it just being stopped for one? */
export function isStoppedByPerson(state: ProcessState): boolean {
  if (state.name === 'stopped') return isWish(state);
  return state.name === 'stopping' && state.then.kind === 'stopped' && isWish(state.then);
}

/** What was taken back with a start that failed goes on by its rules. */
const persons: ReadonlySet<RequestedBy> = new Set(['you', 'config', 'close']);

function isWish({ cause }: { readonly cause?: Cause }): boolean {
  return cause?.kind === 'requested' && persons.has(cause.by);
}

function isComing({ name }: ProcessState): boolean {
  return name === 'starting' || name === 'running';
}
