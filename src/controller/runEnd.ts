import type { ExitStatus } from '../process/exitFile.ts';
import type { Enter } from './requests.ts';
import { countRestart } from './restartCounts.ts';
import { afterFailure, counted } from './restartPolicy.ts';
import type { Afterwards, Cause, ProcessStatus, Transition, TransitionContext } from './state.ts';

/** The leader of a run has ended: what is left of its tree is removed, unless others are at it. */
export function exited(
  status: ProcessStatus,
  exit: ExitStatus,
  context: TransitionContext,
  enter: Enter,
): Transition | undefined {
  const { state } = status;
  const { run, startedAtMs = exit.atMs } = status;
  const durationMs = Math.max(0, exit.atMs - startedAtMs);
  const more = {
    lastExit: { ...exit, run },
    ...(context.kind === 'task' ? { result: { run, exit, durationMs } } : {}),
  };
  if (state.name === 'stopping') {
    // While held nothing was signalled yet, so nobody else proves that the tree is gone.
    return state.phase === 'held'
      ? enter({ ...state, phase: 'sweeping' }, [{ kind: 'sweep' }], more)
      : enter(state, [], more);
  }
  if (state.name !== 'starting' && state.name !== 'running') return undefined;
  const cause: Cause = { kind: 'exited', exit, wasReady: state.name === 'running' };
  const { then, more: decided } = afterExit(status, exit, cause, context);
  return enter(
    { name: 'stopping', phase: 'sweeping', isSpawned: true, then },
    [{ kind: 'end-watching' }, { kind: 'sweep' }],
    { ...more, ...decided },
  );
}

function afterExit(
  status: ProcessStatus,
  exit: ExitStatus,
  cause: Cause,
  context: TransitionContext,
): { then: Afterwards; more: Partial<ProcessStatus> } {
  // It is not ours to start again; it is waited for, until it is there again.
  if (context.kind === 'external') {
    const more = { ...counted(context, status), health: 'unhealthy' as const };
    return { then: { kind: 'start', cause }, more };
  }
  const isSuccess = exit.code !== undefined && context.successExitCodes.includes(exit.code);
  if (context.kind === 'task' && isSuccess) {
    return { then: { kind: 'completed', cause }, more: { hasIncident: false } };
  }
  const { policy } = context.restart;
  if (isSuccess && (policy === 'never' || policy === 'on-failure')) {
    return { then: { kind: 'stopped', cause }, more: counted(context, status) };
  }
  return afterFailure(context, status, { code: 'exited', cause, exit });
}

/** The tree of a run is gone, or there never was one: on to what follows. */
export function conclude(
  status: ProcessStatus,
  then: Afterwards,
  enter: Enter,
  { nowMs }: TransitionContext,
): Transition {
  switch (then.kind) {
    case 'stopped':
      return enter({ name: 'stopped', cause: then.cause });
    case 'completed':
      return enter({ name: 'completed', cause: then.cause });
    case 'failed': {
      const { failure, retryInMs } = then;
      const more = { hasIncident: true };
      if (retryInMs === undefined) return enter({ name: 'failed', failure }, [], more);
      return enter(
        { name: 'failed', failure, retryAtMs: nowMs + retryInMs },
        [{ kind: 'schedule-restart', delayMs: retryInMs }],
        more,
      );
    }
    case 'start':
      return enter({ name: 'waiting', cause: then.cause, ignoresDependencies: false }, [], {
        // What is not ours was not restarted, but found again.
        ...(then.cause.kind === 'requested'
          ? { restartCounts: countRestart(status.restartCounts, then.cause) }
          : {}),
      });
    case 'backoff':
      return enter({ name: 'backoff', delayMs: then.delayMs, cause: then.cause }, [
        { kind: 'schedule-restart', delayMs: then.delayMs },
      ]);
  }
}

/** The time to start again by itself has come, after a delay or a pause of a crash loop. */
export function backoffOver(status: ProcessStatus, enter: Enter): Transition | undefined {
  const { state } = status;
  const cause =
    state.name === 'backoff'
      ? state.cause
      : state.name === 'failed' && state.retryAtMs !== undefined
        ? state.failure.cause
        : undefined;
  if (cause === undefined) return undefined;
  return enter({ name: 'waiting', cause, ignoresDependencies: false }, [], {
    restartCounts: countRestart(status.restartCounts, cause),
  });
}
