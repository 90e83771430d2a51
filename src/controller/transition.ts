import { type Enter, requestDown, requestUp } from './requests.ts';
import { afterFailure } from './restartPolicy.ts';
import type { FailureCode } from './snapshot.ts';
import type { ExitStatus } from '../process/exitFile.ts';
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

/**
 * The life of a process as one pure table. Returns undefined for an event that the present state
 * does not know: a request for what is already so, or news of an older run.
 */
export function transition(
  status: ProcessStatus,
  event: ProcessEvent,
  context: TransitionContext,
): Transition | undefined {
  if ('run' in event && event.run !== status.run) return undefined;
  const { state } = status;
  const enter = (
    next: ProcessState,
    effects: readonly Effect[] = [],
    more: Partial<ProcessStatus> = {},
  ): Transition => ({
    status: {
      ...status,
      ...more,
      state: next,
      sinceMs: next.name === state.name ? status.sinceMs : context.nowMs,
    },
    effects,
  });

  /** There is no program, so nothing has to be waited for, and trying again would not help. */
  const notSpawned = (code: FailureCode, cause: Cause): Transition | undefined => {
    if (state.name === 'stopping') return conclude(state.then, enter);
    if (state.name !== 'starting') return undefined;
    return enter({ name: 'failed', failure: { code, cause, restarts: status.restarts } });
  };

  switch (event.kind) {
    case 'start':
    case 'restart':
      return requestUp(status, event, enter);
    case 'stop':
      return requestDown(state, event, enter);

    case 'force':
      if (state.name !== 'stopping' || state.phase === 'sweeping') return undefined;
      return enter(
        { ...state, phase: 'terminating' },
        state.phase === 'held' && state.isSpawned
          ? [{ kind: 'terminate' }, { kind: 'kill' }]
          : [{ kind: 'kill' }],
      );

    case 'release':
      if (state.name !== 'stopping' || state.phase !== 'held') return undefined;
      return enter(
        { ...state, phase: 'terminating' },
        state.isSpawned ? [{ kind: 'terminate' }] : [],
      );

    case 'dependencies-met':
      if (state.name !== 'waiting') return undefined;
      return enter(
        { name: 'starting', cause: state.cause, isSpawned: false },
        [{ kind: 'spawn' }],
        { run: context.nextRun, startedAtMs: context.nowMs, readyAtMs: undefined },
      );

    case 'dependency-failed':
      if (state.name !== 'waiting') return undefined;
      return enter({
        name: 'failed',
        failure: {
          code: 'dependency-failed',
          cause: { kind: 'dependency-failed', name: event.name, why: event.why },
          restarts: status.restarts,
        },
      });

    case 'spawned':
      if (state.name === 'starting' && !state.isSpawned) {
        // A task has no readiness: it works from its first moment until its end.
        return context.kind === 'task'
          ? enter({ name: 'running' })
          : enter({ ...state, isSpawned: true }, [{ kind: 'watch-readiness' }]);
      }
      if (state.name === 'stopping' && !state.isSpawned) {
        // The stop was asked for while the program was being started.
        return enter(
          { ...state, isSpawned: true },
          state.phase === 'held' ? [] : [{ kind: 'terminate' }],
        );
      }
      return undefined;

    case 'spawn-failed':
      return notSpawned('spawn-error', { kind: 'spawn-error', message: event.message });

    case 'port-in-use': {
      const { holder, isLost } = event;
      return notSpawned('port-in-use', { kind: 'port-in-use', holder, isLost });
    }

    case 'ready':
      if (state.name !== 'starting') return undefined;
      return enter({ name: 'running' }, [{ kind: 'end-watching' }], { readyAtMs: context.nowMs });

    case 'startup-timeout': {
      if (state.name !== 'starting') return undefined;
      const cause: Cause = {
        kind: 'not-ready-in-time',
        timeoutMs: event.timeoutMs,
        seen: event.seen,
      };
      const { then, restarts } = afterFailure(context, status, 'not-ready-in-time', cause);
      return enter(
        { name: 'stopping', phase: 'terminating', isSpawned: true, then },
        [{ kind: 'end-watching' }, { kind: 'terminate' }],
        { restarts },
      );
    }

    case 'give-up': {
      if (state.name !== 'running' && !(state.name === 'starting' && state.isSpawned)) {
        return undefined;
      }
      const { code, why, action } = event;
      const cause: Cause = { kind: 'unwell', code, why };
      const { then, restarts } =
        action === 'restart'
          ? afterFailure(context, status, code, cause)
          : {
              then: {
                kind: 'failed' as const,
                failure: { code, cause, restarts: status.restarts },
              },
              restarts: status.restarts,
            };
      return enter(
        { name: 'stopping', phase: 'terminating', isSpawned: true, then },
        [{ kind: 'end-watching' }, { kind: 'terminate' }],
        { restarts },
      );
    }

    case 'exited':
      return exited(status, event.exit, context, enter);

    case 'gone':
      if (state.name !== 'stopping') return undefined;
      if (event.survivors.length > 0) {
        // Whatever was to follow, a second run beside what is left of the first must not.
        const cause: Cause = { kind: 'not-stopped', pids: event.survivors };
        return enter({
          name: 'failed',
          failure: { code: 'not-stopped', cause, restarts: status.restarts },
        });
      }
      return conclude(state.then, enter);

    case 'backoff-over':
      if (state.name !== 'backoff') return undefined;
      return enter({ name: 'waiting', cause: state.cause, ignoresDependencies: false });
  }
}

function exited(
  status: ProcessStatus,
  exit: ExitStatus,
  context: TransitionContext,
  enter: Enter,
): Transition | undefined {
  const { state } = status;
  const more = { lastExit: { ...exit, run: status.run } };
  if (state.name === 'stopping') {
    // While held nothing was signalled yet, so nobody else proves that the tree is gone.
    return state.phase === 'held'
      ? enter({ ...state, phase: 'sweeping' }, [{ kind: 'sweep' }], more)
      : enter(state, [], more);
  }
  if (state.name !== 'starting' && state.name !== 'running') return undefined;
  const cause: Cause = { kind: 'exited', exit, wasReady: state.name === 'running' };
  const { then, restarts } = afterExit(status, exit, cause, context);
  return enter(
    { name: 'stopping', phase: 'sweeping', isSpawned: true, then },
    [{ kind: 'end-watching' }, { kind: 'sweep' }],
    { ...more, restarts },
  );
}

function afterExit(
  status: ProcessStatus,
  exit: ExitStatus,
  cause: Cause,
  context: TransitionContext,
): { then: Afterwards; restarts: number } {
  const isSuccess = exit.code === 0;
  if (context.kind === 'task' && isSuccess) {
    return { then: { kind: 'completed', cause }, restarts: status.restarts };
  }
  const { policy } = context.restart;
  if (isSuccess && (policy === 'never' || policy === 'on-failure')) {
    return { then: { kind: 'stopped', cause }, restarts: status.restarts };
  }
  return afterFailure(context, status, 'exited', cause);
}

function conclude(then: Afterwards, enter: Enter): Transition {
  switch (then.kind) {
    case 'stopped':
      return enter({ name: 'stopped', cause: then.cause });
    case 'completed':
      return enter({ name: 'completed', cause: then.cause });
    case 'failed':
      return enter({ name: 'failed', failure: then.failure });
    case 'start':
      return enter({ name: 'waiting', cause: then.cause, ignoresDependencies: false });
    case 'backoff':
      return enter({ name: 'backoff', delayMs: then.delayMs, cause: then.cause }, [
        { kind: 'schedule-restart', delayMs: then.delayMs },
      ]);
  }
}
