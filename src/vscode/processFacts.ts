import type { ProcessSnapshot, StateName } from '../controller/snapshot.ts';

/** What a person can do with a process now; the tokens of a tree item's context value. */
export type Ability =
  | 'canStart'
  | 'canStop'
  | 'canRestart'
  | 'hasLog'
  | 'hasUrl'
  | 'hasPid'
  | 'hasDependencies'
  | 'hasDependents'
  | 'hasPortConflict'
  | 'isChanged'
  | 'isRemoved';

const startable: ReadonlySet<StateName> = new Set(['stopped', 'completed', 'failed', 'backoff']);
const stoppable: ReadonlySet<StateName> = new Set(['waiting', 'starting', 'running', 'backoff']);
const restartable: ReadonlySet<StateName> = new Set(['starting', 'running']);

/** What another window that runs the process has to do itself. */
const touching: ReadonlySet<Ability> = new Set([
  'canStart',
  'canStop',
  'canRestart',
  'hasPortConflict',
  'isChanged',
]);

export function abilities(process: ProcessSnapshot): ReadonlySet<Ability> {
  const found = new Set<Ability>();
  const add = (ability: Ability, is: boolean): void => {
    if (is && !(process.isWatched && touching.has(ability))) found.add(ability);
  };
  add('canStart', startable.has(process.state) && !process.isRemoved);
  // A stop of what is only scheduled takes it off its schedule.
  const isScheduled = process.nextScheduledAtMs !== undefined && process.state !== 'stopping';
  add('canStop', stoppable.has(process.state) || process.failure === 'not-stopped' || isScheduled);
  add('canRestart', restartable.has(process.state) && !process.isRemoved);
  add('hasLog', process.logPath !== undefined);
  add('hasUrl', process.url !== undefined);
  add('hasPid', process.pid !== undefined);
  add('hasDependencies', process.dependsOn.length > 0);
  add('hasDependents', process.dependents.length > 0);
  add('hasPortConflict', process.failure === 'port-in-use' && !process.isRemoved);
  add('isChanged', process.hasPendingChange && !process.isRemoved);
  add('isRemoved', process.isRemoved);
  return found;
}

/** `.process.service.running.canStop.hasUrl.`: `when` clauses match a token between dots. */
export function contextValue(process: ProcessSnapshot): string {
  return `.${['process', process.kind, process.state, ...abilities(process)].join('.')}.`;
}

/** Up as far as a person cares: a service that runs, a task that ended well or waits for its time. */
export function isWell(process: ProcessSnapshot): boolean {
  const { state, kind, nextScheduledAtMs } = process;
  if (state === 'stopped') return kind === 'task' && nextScheduledAtMs !== undefined;
  return (state === 'running' && !isUnhealthy(process)) || state === 'completed';
}

/** It runs, and its health check says that it is not well. */
export function isUnhealthy({ state, health }: ProcessSnapshot): boolean {
  return state === 'running' && health === 'unhealthy';
}

/** Is it a part of what one speaks of? What is in no active profile is once somebody starts it. */
export function isCounted({ isInActiveProfiles, state }: ProcessSnapshot): boolean {
  return isInActiveProfiles || state !== 'stopped';
}

export function isUnderWay(process: ProcessSnapshot): boolean {
  return process.state === 'starting' || process.state === 'waiting';
}

/** Is anything of it there or about to be? */
export function isActive(process: ProcessSnapshot): boolean {
  if (process.failure === 'not-stopped') return true;
  return !['stopped', 'completed', 'failed'].includes(process.state);
}

export interface Counts {
  readonly total: number;
  readonly well: number;
  readonly failed: number;
  readonly unhealthy: number;
  readonly underWay: number;
  readonly stopping: number;
  readonly backoff: number;
  readonly active: number;
  readonly changed: number;
}

export function count(all: readonly ProcessSnapshot[]): Counts {
  const processes = all.filter(isCounted);
  const number = (is: (process: ProcessSnapshot) => boolean): number =>
    processes.reduce((sum, process) => sum + (is(process) ? 1 : 0), 0);
  return {
    total: processes.length,
    well: number(isWell),
    failed: number((process) => process.state === 'failed'),
    unhealthy: number(isUnhealthy),
    underWay: number(isUnderWay),
    stopping: number((process) => process.state === 'stopping'),
    backoff: number((process) => process.state === 'backoff'),
    active: number(isActive),
    changed: number((process) => process.hasPendingChange && !process.isRemoved),
  };
}
