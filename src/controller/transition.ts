import { requestDown, requestUp } from './requests.ts';
import { afterFailure, counted } from './restartPolicy.ts';
import { backoffOver, conclude, exited } from './runEnd.ts';
import type { FailureCode } from './snapshot.ts';
import type {
  Afterwards,
  Cause,
  Effect,
  GiveUp,
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

  /** The run has failed, and is to be ended. */
  const fail = (code: FailureCode, cause: Cause): Transition => {
    const { then, more } = afterFailure(context, status, { code, cause });
    return endRun(then, more);
  };
  const endRun = (then: Afterwards, more: Partial<ProcessStatus>): Transition =>
    enter(
      { name: 'stopping', phase: 'terminating', isSpawned: true, then },
      [{ kind: 'end-watching' }, { kind: 'terminate' }],
      more,
    );

  const giveUp = ({ code, why, action }: GiveUp): Transition => {
    const cause: Cause = { kind: 'unwell', code, why };
    const more = code === 'unhealthy' ? { health: 'unhealthy' as const } : {};
    if (action === 'restart') {
      const decision = afterFailure(context, status, { code, cause, isForced: true });
      return endRun(decision.then, { ...decision.more, ...more });
    }
    const still = counted(context, status);
    const failure = { code, cause, restarts: still.restarts };
    return endRun({ kind: 'failed', failure }, { ...still, ...more });
  };

  /** There is no program, so nothing has to be waited for, and trying again would not help. */
  const notSpawned = (code: FailureCode, cause: Cause): Transition | undefined => {
    if (state.name === 'stopping') return conclude(status, state.then, enter, context);
    if (state.name !== 'starting') return undefined;
    const failure = { code, cause, restarts: status.restarts };
    return enter({ name: 'failed', failure }, [], { hasIncident: true });
  };

  switch (event.kind) {
    case 'start':
    case 'restart':
      return requestUp(status, event, enter, context);
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

    case 'dependencies-met': {
      if (state.name !== 'waiting' || state.isLooking === true) return undefined;
      const more = {
        run: context.nextRun,
        startedAtMs: context.nowMs,
        readyAtMs: undefined,
        dependencyRuns: event.runs ?? {},
      };
      // What is not ours can only be looked for, as long as that takes.
      return context.kind === 'external'
        ? enter({ ...state, isLooking: true }, [{ kind: 'spawn' }], more)
        : enter({ name: 'starting', cause: state.cause, isSpawned: false }, [{ kind: 'spawn' }], {
            ...more,
            health: 'unknown',
          });
    }

    case 'dependency-failed': {
      if (state.name !== 'waiting') return undefined;
      const { name, why, isPassing } = event;
      const cause: Cause = {
        kind: 'dependency-failed',
        name,
        why,
        ...(isPassing === true ? { isPassing } : {}),
      };
      const failure = { code: 'dependency-failed' as const, cause, restarts: status.restarts };
      return enter({ name: 'failed', failure }, [], { hasIncident: true });
    }

    case 'dependency-back': {
      if (state.name !== 'failed') return undefined;
      const { cause } = state.failure;
      if (cause.kind !== 'dependency-failed' || cause.name !== event.name) return undefined;
      if (cause.isPassing !== true) return undefined;
      return enter({ name: 'waiting', cause, ignoresDependencies: false });
    }

    case 'spawned':
      if (state.name === 'waiting' && state.isLooking === true) {
        return enter(
          { name: 'starting', cause: state.cause, isSpawned: true },
          [{ kind: 'watch-readiness' }],
          { startedAtMs: context.nowMs, health: 'unknown' },
        );
      }
      if (state.name === 'starting' && !state.isSpawned) {
        // A task has no readiness: it works from its first moment until its end.
        return context.kind === 'task'
          ? enter({ name: 'running' }, [{ kind: 'watch-timeout' }, { kind: 'watch-health' }])
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
      return enter({ name: 'running' }, [{ kind: 'end-watching' }, { kind: 'watch-health' }], {
        readyAtMs: context.nowMs,
      });

    case 'startup-timeout': {
      if (state.name !== 'starting') return undefined;
      const cause: Cause = {
        kind: 'not-ready-in-time',
        timeoutMs: event.timeoutMs,
        seen: event.seen,
      };
      return fail('not-ready-in-time', cause);
    }

    case 'timed-out': {
      if (state.name !== 'running') return undefined;
      return fail('timed-out', { kind: 'timed-out', timeoutMs: event.timeoutMs });
    }

    case 'health': {
      if (state.name !== 'running') return undefined;
      const { run, verdict, seen } = event;
      const more = { health: verdict };
      const action = context.kind === 'external' ? 'report' : context.onUnhealthy;
      if (verdict === 'healthy' || action === 'report') return enter(state, [], more);
      return giveUp({ run, code: 'unhealthy', why: seen, action });
    }

    case 'give-up': {
      if (state.name !== 'running' && !(state.name === 'starting' && state.isSpawned)) {
        return undefined;
      }
      return context.kind === 'external' ? undefined : giveUp(event);
    }

    case 'exited':
      return exited(status, event.exit, context, enter);

    case 'gone':
      if (state.name !== 'stopping') return undefined;
      if (event.survivors.length > 0) {
        // Whatever was to follow, a second run beside what is left of the first must not.
        const cause: Cause = { kind: 'not-stopped', pids: event.survivors };
        const failure = { code: 'not-stopped' as const, cause, restarts: status.restarts };
        return enter({ name: 'failed', failure }, [], { hasIncident: true });
      }
      return conclude(status, state.then, enter, context);

    case 'backoff-over':
      return backoffOver(status, enter);
  }
}
