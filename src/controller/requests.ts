import type {
  Afterwards,
  Cause,
  Effect,
  ProcessEvent,
  ProcessState,
  ProcessStatus,
  Transition,
  TransitionContext,
} from './state.ts';
import { counted } from './restartPolicy.ts';
import type { RequestedBy } from './snapshot.ts';

/** Makes the transition into a state, with what has to be done and what else changes. */
export type Enter = (
  next: ProcessState,
  effects?: readonly Effect[],
  more?: Partial<ProcessStatus>,
) => Transition;

/** A person, or a rule on a person's behalf, wants the process up (or up anew). */
export function requestUp(
  status: ProcessStatus,
  event: ProcessEvent & { kind: 'start' | 'restart' },
  enter: Enter,
  context: TransitionContext,
): Transition | undefined {
  const { state } = status;
  const { by, through, detail } = event;
  const cause: Cause = {
    kind: 'requested',
    by,
    through,
    ...(detail === undefined ? {} : { detail }),
  };
  const ignoresDependencies = event.kind === 'start' && event.ignoresDependencies === true;
  const afresh = forgotten(by);
  // What waits after a failure is calmed by time, or by a person who looked at it; no rule knows
  // better, also while what the failed run left is still being removed.
  if (hasPause(state) && !isPersonal(by)) return undefined;
  switch (state.name) {
    case 'failed':
      if (state.failure.code === 'not-stopped') {
        return stopAgain({ kind: 'start', cause }, enter, afresh);
      }
      if (state.retryAtMs !== undefined) {
        const effects: Effect[] = [{ kind: 'cancel-restart' }];
        return enter({ name: 'waiting', cause, ignoresDependencies }, effects, afresh);
      }
      return enter({ name: 'waiting', cause, ignoresDependencies }, [], afresh);
    case 'stopped':
    case 'completed':
      return enter({ name: 'waiting', cause, ignoresDependencies }, [], afresh);
    case 'backoff':
      return enter(
        { name: 'waiting', cause, ignoresDependencies },
        [{ kind: 'cancel-restart' }],
        afresh,
      );
    case 'waiting':
      if (event.kind === 'restart' && state.isLooking === true) {
        // It is looked for anew, by what the file says now.
        const next = { ...state, ignoresDependencies: false, isLooking: false };
        return enter(next, [{ kind: 'cancel-spawn' }]);
      }
      return ignoresDependencies && !state.ignoresDependencies
        ? enter({ ...state, ignoresDependencies })
        : undefined;
    case 'stopping':
      // A rule does not overrule the person who stopped it.
      if (isRule(by) && isStoppedOnRequest(state.then)) return undefined;
      return enter({ ...state, then: { kind: 'start', cause } }, [], withoutCounts(afresh));
    case 'starting':
    case 'running': {
      if (event.kind === 'start') return undefined;
      // A run that lasted was well, whoever ends it.
      const still = state.name === 'running' ? counted(context, status) : {};
      const more = withoutCounts({ ...still, ...afresh });
      return beginStop(state, { kind: 'start', cause }, event.isHeld, enter, more);
    }
  }
}

/** Is it a person who asks, by a button, by an edit, or by opening or closing the folder? */
function isPersonal(by: RequestedBy): boolean {
  switch (by) {
    case 'you':
    case 'autostart':
    case 'config':
    case 'close':
    case 'rollback':
    case 'watch':
      return true;
    case 'schedule':
    case 'health':
    case 'limit':
    case 'dependency':
      return false;
  }
}

/** Is it a rule of the file that asks? */
export function isRule(by: RequestedBy): boolean {
  return by === 'watch' || !isPersonal(by);
}

/** Will it be started again by itself, after a wait or the pause of a crash loop? */
function hasPause(state: ProcessState): boolean {
  if (state.name === 'failed') return state.retryAtMs !== undefined;
  if (state.name !== 'stopping') return state.name === 'backoff';
  const { then } = state;
  return then.kind === 'backoff' || (then.kind === 'failed' && then.retryInMs !== undefined);
}

function isStoppedOnRequest(then: Afterwards): boolean {
  return then.kind === 'stopped' && then.cause.kind === 'requested';
}

/** What no longer counts once somebody asked for a start. */
function forgotten(by: RequestedBy): Partial<ProcessStatus> {
  if (isPersonal(by)) {
    return { restarts: 0, attempts: [], hasIncident: false, restartCounts: {} };
  }
  // Each scheduled start may be tried again as often; but what goes wrong each time is one incident.
  return by === 'schedule' ? { restarts: 0 } : {};
}

/** A restart of what runs is one more of them. */
function withoutCounts({ restartCounts: _, ...more }: Partial<ProcessStatus>) {
  return more;
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
  // Somebody has looked at it: what goes wrong from now on is news.
  const more: Partial<ProcessStatus> = isPersonal(event.by) ? { hasIncident: false } : {};
  switch (state.name) {
    case 'stopped':
      return undefined;
    case 'failed':
      if (state.failure.code === 'not-stopped') return stopAgain(then, enter, more);
      return enter(
        { name: 'stopped', cause },
        state.retryAtMs === undefined ? [] : [{ kind: 'cancel-restart' }],
        more,
      );
    case 'completed':
      return enter({ name: 'stopped', cause }, [], more);
    case 'waiting':
      return enter(
        { name: 'stopped', cause },
        state.isLooking === true ? [{ kind: 'cancel-spawn' }] : [],
        more,
      );
    case 'backoff':
      return enter({ name: 'stopped', cause }, [{ kind: 'cancel-restart' }], more);
    case 'starting':
    case 'running':
      return beginStop(state, then, event.isHeld, enter, more);
    case 'stopping':
      if (state.phase === 'held' && !event.isHeld) {
        return enter(
          { ...state, phase: 'terminating', then },
          state.isSpawned ? [{ kind: 'terminate' }] : [],
          more,
        );
      }
      return enter({ ...state, then }, [], more);
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
