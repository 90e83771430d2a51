import type { ProcessKind, RestartPolicy } from '../config/model.ts';
import type { ExitStatus } from '../process/exitFile.ts';
import type { PortHolder } from '../process/portHolder.ts';
import type { FailureCode, RequestedBy } from './snapshot.ts';

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
  | { readonly kind: 'dependency-failed'; readonly name: string; readonly why: string }
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
}

/** What follows once the tree of a run is proven gone. */
export type Afterwards =
  | { readonly kind: 'stopped'; readonly cause: Cause }
  | { readonly kind: 'start'; readonly cause: Cause }
  | { readonly kind: 'backoff'; readonly delayMs: number; readonly cause: Cause }
  | { readonly kind: 'completed'; readonly cause: Cause }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * Where one process stands. `stopping` has three phases: `held` (its dependents stop first),
 * `terminating` (signal sent, grace period), `sweeping` (the leader ended by itself, what is left
 * of its tree is removed). `isSpawned` is false while the program is being started.
 */
export type ProcessState =
  | { readonly name: 'stopped'; readonly cause?: Cause }
  | { readonly name: 'waiting'; readonly cause: Cause; readonly ignoresDependencies: boolean }
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
  | { readonly name: 'failed'; readonly failure: Failure };

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
      readonly isHeld: boolean;
    }
  | { readonly kind: 'force' }
  | { readonly kind: 'release' }
  | { readonly kind: 'dependencies-met' }
  | { readonly kind: 'dependency-failed'; readonly name: string; readonly why: string }
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
  | ({ readonly kind: 'give-up' } & GiveUp)
  | { readonly kind: 'gone'; readonly run: number; readonly survivors: readonly number[] }
  | { readonly kind: 'backoff-over' };

/** What has to be done for a transition; carried out by `processController.ts`, in this order. */
export type Effect =
  | { readonly kind: 'spawn' }
  | { readonly kind: 'cancel-spawn' }
  | { readonly kind: 'watch-readiness' }
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
