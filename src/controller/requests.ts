import type {
  Afterwards,
  Cause,
  Effect,
  ProcessEvent,
  ProcessState,
  ProcessStatus,
  Transition,
} from './state.ts';

/** Makes the transition into a state, with what has to be done and what else changes. */
export type Enter = (
  next: ProcessState,
  effects?: readonly Effect[],
  more?: Partial<ProcessStatus>,
) => Transition;

/** A person, or a rule on a person's behalf, wants the process up (or up anew). */
export function requestUp(
  { state }: ProcessStatus,
  event: ProcessEvent & { kind: 'start' | 'restart' },
  enter: Enter,
): Transition | undefined {
  const cause: Cause = {
    kind: 'requested',
    by: event.by,
    through: event.kind === 'start' ? event.through : undefined,
    ...(event.detail === undefined ? {} : { detail: event.detail }),
  };
  const ignoresDependencies = event.kind === 'start' && event.ignoresDependencies === true;
  switch (state.name) {
    case 'failed':
      if (state.failure.code === 'not-stopped') {
        return stopAgain({ kind: 'start', cause }, enter, { restarts: 0 });
      }
      return enter({ name: 'waiting', cause, ignoresDependencies }, [], { restarts: 0 });
    case 'stopped':
    case 'completed':
      return enter({ name: 'waiting', cause, ignoresDependencies }, [], { restarts: 0 });
    case 'backoff':
      return enter({ name: 'waiting', cause, ignoresDependencies }, [{ kind: 'cancel-restart' }], {
        restarts: 0,
      });
    case 'waiting':
      return ignoresDependencies && !state.ignoresDependencies
        ? enter({ ...state, ignoresDependencies })
        : undefined;
    case 'stopping':
      return enter({ ...state, then: { kind: 'start', cause } }, [], { restarts: 0 });
    case 'starting':
    case 'running': {
      if (event.kind === 'start') return undefined;
      return beginStop(state, { kind: 'start', cause }, event.isHeld, enter, { restarts: 0 });
    }
  }
}

/** A person, or a rule on a person's behalf, wants the process down. */
export function requestDown(
  state: ProcessState,
  event: ProcessEvent & { kind: 'stop' },
  enter: Enter,
): Transition | undefined {
  const cause: Cause = {
    kind: 'requested',
    by: event.by,
    through: event.through,
    ...(event.detail === undefined ? {} : { detail: event.detail }),
  };
  const then: Afterwards = { kind: 'stopped', cause };
  switch (state.name) {
    case 'stopped':
      return undefined;
    case 'failed':
      if (state.failure.code === 'not-stopped') return stopAgain(then, enter);
      return enter({ name: 'stopped', cause });
    case 'completed':
    case 'waiting':
      return enter({ name: 'stopped', cause });
    case 'backoff':
      return enter({ name: 'stopped', cause }, [{ kind: 'cancel-restart' }]);
    case 'starting':
    case 'running':
      return beginStop(state, then, event.isHeld, enter);
    case 'stopping':
      if (state.phase === 'held' && !event.isHeld) {
        return enter(
          { ...state, phase: 'terminating', then },
          state.isSpawned ? [{ kind: 'terminate' }] : [],
        );
      }
      return enter({ ...state, then });
  }
}

function beginStop(
  state: ProcessState & { name: 'starting' | 'running' },
  then: Afterwards,
  isHeld: boolean,
  enter: Enter,
  more: Partial<ProcessStatus> = {},
): Transition {
  const isSpawned = state.name === 'running' || state.isSpawned;
  const effects: Effect[] = [{ kind: 'end-watching' }];
  if (!isSpawned) effects.push({ kind: 'cancel-spawn' });
  else if (!isHeld) effects.push({ kind: 'terminate' });
  return enter(
    { name: 'stopping', phase: isHeld ? 'held' : 'terminating', isSpawned, then },
    effects,
    more,
  );
}

/** What could not be ended before is tried again, before anything else happens. */
function stopAgain(then: Afterwards, enter: Enter, more: Partial<ProcessStatus> = {}): Transition {
  return enter(
    { name: 'stopping', phase: 'terminating', isSpawned: true, then },
    [{ kind: 'terminate' }],
    more,
  );
}
