import type { HealthCheck, ProcessKind, RestartPolicy } from '../config/model.ts';
import type { ExitStatus } from '../process/exitFile.ts';
import type { PortHolder } from '../process/portHolder.ts';
import type { Attempt, AttemptSummary } from './attempts.ts';
import type { FailureCode, Health, RequestedBy, RestartCounts, TaskResult } from './snapshot.ts';

/** Why a process is where it is, for the words of `describe.ts`. */
export type Cause =
  | {
      readonly kind: 'requested';
      readonly by: RequestedBy;
      readonly through: string | undefined;
      /** What made a rule ask: the file that changed. */
      readonly detail?: string | undefined;
    }
  | { readonly kind: 'exited'; readonly exit: ExitStatus; readonly wasReady: boolean }
  | { readonly kind: 'spawn-error'; readonly message: string }
  | { readonly kind: 'port-in-use'; readonly holder: PortHolder; readonly isLost: boolean }
  | { readonly kind: 'not-ready-in-time'; readonly timeoutMs: number; readonly seen: string }
  | {
      readonly kind: 'dependency-failed';
      readonly name: string;
      readonly why: string;
      /** The dependency will be started again by itself. */
      readonly isPassing?: boolean | undefined;
    }
  | { readonly kind: 'timed-out'; readonly timeoutMs: number }
  | { readonly kind: 'not-stopped'; readonly pids: readonly number[] }
  | { readonly kind: 'unwell'; readonly code: GiveUp['code']; readonly why: string };

/** A running process is not to go on, by a rule of the file. */
export interface GiveUp {
  /** Of an older run it does not count. */
  readonly run: number;
  readonly code: 'unhealthy' | 'limit-exceeded' | 'watch-loop';
  /** What was seen, in words. */
  readonly why: string;
  /** `restart`: as after a crash, with the delays and bounds of the restart policy. */
  readonly action: 'restart' | 'stop';
}

export interface Failure {
  readonly code: FailureCode;
  readonly cause: Cause;
  /** Restarts in a row that the policy made before giving up. */
  readonly restarts: number;
  /** The failures in a row that led here, this one included. */
  readonly history?: AttemptSummary | undefined;
}

/** What follows once the tree of a run is proven gone. */
export type Afterwards =
  | { readonly kind: 'stopped'; readonly cause: Cause }
  | { readonly kind: 'start'; readonly cause: Cause }
  | { readonly kind: 'backoff'; readonly delayMs: number; readonly cause: Cause }
  | { readonly kind: 'completed'; readonly cause: Cause }
  /** With `retryInMs`: it is started again by itself after that time. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly retryInMs?: number | undefined };

/**
 * Where one process stands. `stopping` has three phases: `held` (its dependents stop first),
 * `terminating` (signal sent, grace period), `sweeping` (the leader ended by itself, what is left
 * of its tree is removed). `isSpawned` is false while the program is being started. An external is
 * `waiting` with `isLooking` while it is looked for. A crash loop is `failed` until `retryAtMs`.
 */
export type ProcessState =
  | { readonly name: 'stopped'; readonly cause?: Cause }
  | {
      readonly name: 'waiting';
      readonly cause: Cause;
      readonly ignoresDependencies: boolean;
      readonly isLooking?: boolean | undefined;
    }
  | { readonly name: 'starting'; readonly cause: Cause; readonly isSpawned: boolean }
  | { readonly name: 'running' }
  | {
      readonly name: 'stopping';
      readonly phase: 'held' | 'terminating' | 'sweeping';
      readonly isSpawned: boolean;
      readonly then: Afterwards;
    }
  | { readonly name: 'backoff'; readonly delayMs: number; readonly cause: Cause }
  | { readonly name: 'completed'; readonly cause: Cause }
  | { readonly name: 'failed'; readonly failure: Failure; readonly retryAtMs?: number | undefined };

/** The state with what has to be remembered across states. Times in ms since the epoch. */
export interface ProcessStatus {
  readonly state: ProcessState;
  readonly sinceMs: number | undefined;
  /** Number of the present or last run; 0 before the first. */
  readonly run: number;
  readonly startedAtMs: number | undefined;
  readonly readyAtMs: number | undefined;
  /** Restarts in a row that the policy made since the process last did well or a person started it. */
  readonly restarts: number;
  /** Failures since a person last acted, newest last. */
  readonly attempts: readonly Attempt[];
  /** It failed, and that was told; since then it was not well, and no person acted. */
  readonly hasIncident: boolean;
  /** How often it was restarted since a person last started it, by what began it. */
  readonly restartCounts: RestartCounts;
  /** What the health check says of the present run. */
  readonly health: Health;
  /** Of the last run of a task that ended. */
  readonly result: Pick<TaskResult, 'run' | 'exit' | 'durationMs'> | undefined;
  /** The runs of those dependencies whose restart it follows, when its own run began. */
  readonly dependencyRuns: Readonly<Record<string, number>>;
  /** How the last run that ended did, and which one it was. */
  readonly lastExit: (ExitStatus & { readonly run: number }) | undefined;
}

export const initialStatus: ProcessStatus = {
  state: { name: 'stopped' },
  sinceMs: undefined,
  run: 0,
  startedAtMs: undefined,
  readyAtMs: undefined,
  restarts: 0,
  attempts: [],
  hasIncident: false,
  restartCounts: {},
  health: 'unknown',
  result: undefined,
  dependencyRuns: {},
  lastExit: undefined,
};

/** What happens to a process. Those with a `run` concern that run only; older ones are refused. */
export type ProcessEvent =
  | {
      readonly kind: 'start';
      readonly by: RequestedBy;
      readonly detail?: string | undefined;
      /** The process whose start or stop takes this one along. */
      readonly through?: string | undefined;
      readonly ignoresDependencies?: boolean;
    }
  | {
      readonly kind: 'stop';
      readonly by: RequestedBy;
      readonly detail?: string | undefined;
      /** The process whose start or stop takes this one along. */
      readonly through?: string | undefined;
      /** Wait for a `release` before the signal, because dependents stop first. */
      readonly isHeld: boolean;
    }
  | {
      readonly kind: 'restart';
      readonly by: RequestedBy;
      readonly detail?: string | undefined;
      /** The dependency whose restart this one follows. */
      readonly through?: string | undefined;
      readonly isHeld: boolean;
    }
  | { readonly kind: 'force' }
  | { readonly kind: 'release' }
  | { readonly kind: 'dependencies-met'; readonly runs?: Readonly<Record<string, number>> }
  | {
      readonly kind: 'dependency-failed';
      readonly name: string;
      readonly why: string;
      readonly isPassing?: boolean | undefined;
    }
  /** A dependency that had failed is started again by itself. */
  | { readonly kind: 'dependency-back'; readonly name: string }
  | { readonly kind: 'spawned'; readonly run: number }
  | { readonly kind: 'spawn-failed'; readonly run: number; readonly message: string }
  | {
      readonly kind: 'port-in-use';
      readonly run: number;
      readonly holder: PortHolder;
      /** The holder is a run of this very environment that nobody controls any more. */
      readonly isLost: boolean;
    }
  | { readonly kind: 'ready'; readonly run: number }
  | {
      readonly kind: 'startup-timeout';
      readonly run: number;
      readonly timeoutMs: number;
      readonly seen: string;
    }
  | { readonly kind: 'exited'; readonly run: number; readonly exit: ExitStatus }
  | {
      readonly kind: 'health';
      readonly run: number;
      readonly verdict: 'healthy' | 'unhealthy';
      readonly seen: string;
    }
  | { readonly kind: 'timed-out'; readonly run: number; readonly timeoutMs: number }
  | ({ readonly kind: 'give-up' } & GiveUp)
  | { readonly kind: 'gone'; readonly run: number; readonly survivors: readonly number[] }
  | { readonly kind: 'backoff-over' };

/** What has to be done for a transition; carried out by `processController.ts`, in this order. */
export type Effect =
  | { readonly kind: 'spawn' }
  | { readonly kind: 'cancel-spawn' }
  | { readonly kind: 'watch-readiness' }
  | { readonly kind: 'watch-health' }
  | { readonly kind: 'watch-timeout' }
  | { readonly kind: 'end-watching' }
  | { readonly kind: 'terminate' }
  | { readonly kind: 'kill' }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'schedule-restart'; readonly delayMs: number }
  | { readonly kind: 'cancel-restart' };

/** The definition's part in the decision. */
export interface TransitionContext {
  readonly kind: ProcessKind;
  readonly restart: RestartPolicy;
  readonly successExitCodes: readonly number[];
  readonly onUnhealthy: HealthCheck['onFailure'];
  /** From 0 to 1, another one each time. */
  readonly random: number;
  readonly nowMs: number;
  /** The number of the next run: above all that left something behind. */
  readonly nextRun: number;
}

export interface Transition {
  readonly status: ProcessStatus;
  readonly effects: readonly Effect[];
}

/** Is there, or was there just, a program that belongs to this state? */
export function hasProgram(state: ProcessState): boolean {
  if (state.name === 'failed') return state.failure.code === 'not-stopped';
  return state.name === 'starting' || state.name === 'running' || state.name === 'stopping';
}
