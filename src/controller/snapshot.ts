import type { Event } from '../base/emitter.ts';
import type { Dependency, EnvironmentModel, ProcessKind } from '../config/model.ts';
import type { UsageMonitor } from '../monitor/usage.ts';
import type { ExitStatus } from '../process/exitFile.ts';
import type { HeldLimit } from '../process/limits/limits.ts';
import type { PortHolder } from '../process/portHolder.ts';
import type { Explanation } from './explain.ts';
import type { Timeline } from './timeline.ts';

/**
 * Where a process stands. `waiting`: for its dependencies; `starting`: runs, not ready yet;
 * `backoff`: ended, will start again at a known time; `completed`: a task that ended well.
 */
export type StateName =
  'stopped' | 'waiting' | 'starting' | 'running' | 'stopping' | 'backoff' | 'completed' | 'failed';

/** Why a process is `failed`. */
export type FailureCode =
  | 'spawn-error'
  | 'port-in-use'
  | 'exited'
  | 'not-ready-in-time'
  | 'dependency-failed'
  | 'not-stopped'
  | 'unhealthy'
  | 'timed-out'
  | 'crash-loop'
  | 'limit-exceeded'
  | 'watch-loop';

/** What the health check of a running process says; `unknown` until it has said anything. */
export type Health = 'unknown' | 'healthy' | 'unhealthy';

/** One limit of the present run and what makes it hold. */
export interface LimitStatus extends HeldLimit {
  /** The limit is exceeded at this moment; for sampled ones. */
  readonly isExceeded: boolean;
}

/** What a task left behind when it ended. */
export interface TaskResult {
  readonly run: number;
  readonly exit: ExitStatus;
  readonly durationMs: number;
  /** Files with what it wrote, by stream. */
  readonly stdoutPath: string | undefined;
  readonly stderrPath: string | undefined;
}

/** Everything there is to show of one process at one moment. Plain data; never an environment value. */
export interface ProcessSnapshot {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly description: string | undefined;
  readonly state: StateName;
  /** When the state was entered, ms since the epoch; undefined before anything happened. */
  readonly sinceMs: number | undefined;
  /** One line in words on why it is in this state ("waiting for db: connection refused on …"). */
  readonly reason: string | undefined;
  /** Set exactly when `state` is `failed`. */
  readonly failure: FailureCode | undefined;
  /** Set exactly when `failure` is `port-in-use`: who keeps the port. */
  readonly portHolder: PortHolder | undefined;
  /** Who asked for the stop, when a request is why it is `stopped`. */
  readonly stoppedBy: RequestedBy | undefined;
  /** Number of the present or last run, from 1; 0 when there was none. */
  readonly run: number;
  /** PID of the present run. */
  readonly pid: number | undefined;
  /** Start of the present or last run. */
  readonly startedAtMs: number | undefined;
  readonly readyAtMs: number | undefined;
  /** Restarts by the restart policy since a person last started it. */
  readonly restarts: number;
  /** How often it was restarted since a person last started it, by what began it. */
  readonly restartCounts: RestartCounts;
  /** When `backoff` ends. */
  readonly nextStartAtMs: number | undefined;
  readonly lastExit: ExitStatus | undefined;
  /** Undefined when there is no health check, or nothing runs. */
  readonly health: Health | undefined;
  /** What the health check saw last, when it was not well. */
  readonly healthReason: string | undefined;
  /** What the process says of itself (`STATUS=` on its heartbeat socket). */
  readonly statusText: string | undefined;
  /** Until then there are no restarts, after too many failures in a short time. */
  readonly breakerOpenUntilMs: number | undefined;
  /** When the schedule starts it next. */
  readonly nextScheduledAtMs: number | undefined;
  /** One line on what its schedule or file watch did last, or did not do, and why. */
  readonly triggerNote: string | undefined;
  /** Of the present run; empty when there are none. */
  readonly limits: readonly LimitStatus[];
  /** Of the last run of a task that ended. */
  readonly result: TaskResult | undefined;
  readonly groups: readonly string[];
  readonly profiles: readonly string[];
  /** Is it part of "all"? */
  readonly isInActiveProfiles: boolean;
  /** One can type into its terminal. */
  readonly isInteractive: boolean;
  /**
   * Where the pseudo-terminal of the present run takes input and size, for `connectTerminal`;
   * undefined when it has none. Its output is in the log file.
   */
  readonly terminalSocket: string | undefined;
  /** What of the present run is not as the file wants it, in words: no terminal to be had, … */
  readonly warnings: readonly string[];
  readonly problemMatchers: readonly string[];
  /** The command as one would read it in a terminal. */
  readonly commandLine: string;
  readonly workdir: string;
  readonly port: number | undefined;
  readonly url: string | undefined;
  readonly autostart: boolean;
  readonly dependsOn: readonly Dependency[];
  /** Who names this process in `depends_on`. */
  readonly dependents: readonly string[];
  /** The file says something else than what is running; `applyChanges` restarts it. */
  readonly hasPendingChange: boolean;
  /** Another host runs it: it can be looked at here, and not touched. */
  readonly isWatched: boolean;
  /** It is no longer in the file, and still running. */
  readonly isRemoved: boolean;
  /** Log file of the present or last run. */
  readonly logPath: string | undefined;
}

/** What a change event carries: the names of all that changed since the last one. */
export interface EnvironmentChange {
  readonly names: ReadonlySet<string>;
  /** Processes were added, removed or put in another order. */
  readonly isStructural: boolean;
}

/** A run began, was taken up from an earlier host, or ended; what logs hang on to. */
export interface RunEvent {
  readonly kind: 'began' | 'resumed' | 'ended';
  readonly name: string;
  readonly run: number;
  readonly logPath: string;
  /** Why it began, in words; undefined when that is not known. */
  readonly cause?: string | undefined;
}

/** A process went to `failed`: one per incident, never for a stop a person asked for. */
export interface FailureEvent {
  readonly name: string;
  readonly run: number;
  readonly failure: FailureCode;
  readonly reason: string;
}

/** How an operation on several processes came out, by name. */
export interface OperationResult {
  /** Reached what was asked for (a start: running or completed; a stop: stopped). */
  readonly succeeded: readonly string[];
  /** Ended otherwise, with the reason in words. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
  /** Overtaken by a later request, a stop during a start for example. */
  readonly cancelled: readonly string[];
}

/** How the processes of a new model compare with those of the present one. */
export interface ModelChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export interface StartOptions {
  /** Take the dependencies along (default), or start just these, whatever they depend on. */
  readonly withDependencies?: boolean;
  /** The cause to show, "you" by default. */
  readonly by?: RequestedBy;
  /** What made a rule ask: the file that changed, the time of the schedule. */
  readonly detail?: string;
}

export type RestartOptions = Pick<StartOptions, 'by' | 'detail'>;

export interface StopOptions {
  /** Take the dependents along first (default), or stop just these. */
  readonly withDependents?: boolean;
  /** Skip the grace period: SIGKILL now, for what does not want to end. */
  readonly force?: boolean;
  readonly by?: RequestedBy;
  readonly detail?: string;
}

/**
 * Who asked: a person, the opening of the workspace, a change of the file, the window's closing, a
 * start that failed elsewhere; or a rule of the file: its schedule, its watched files, its health
 * check, its limits, a dependency that restarted.
 */
export type RequestedBy =
  | 'you'
  | 'autostart'
  | 'config'
  | 'close'
  | 'rollback'
  | 'schedule'
  | 'watch'
  | 'health'
  | 'limit'
  | 'dependency';

/** Restarts by what began them; `crash` is any failure that is neither `health` nor `limit`. */
export type RestartCounts = Readonly<Partial<Record<RequestedBy | 'crash', number>>>;

/**
 * One environment and what can be done with it. Unknown names are refused with a DevEnvError
 * `unknown-process`; nothing else rejects: results tell.
 */
export interface EnvironmentController {
  readonly model: EnvironmentModel;
  /** At most one per turn of the event loop, however much changed. */
  readonly onDidChange: Event<EnvironmentChange>;
  readonly onDidRun: Event<RunEvent>;
  readonly onDidFail: Event<FailureEvent>;
  /** What its processes use, of CPU and memory. */
  readonly usage: UsageMonitor;
  /** In the order of the file; processes that were removed and still run come last. */
  processes(): readonly ProcessSnapshot[];
  process(name: string): ProcessSnapshot | undefined;
  /** Why the process is as it is, in words; undefined when there is no such process. */
  explain(name: string): Promise<Explanation | undefined>;
  /** The last starts of the environment or of parts of it, oldest first; the very last where it is watched. */
  timelines(): readonly Timeline[];
  /** The text without the secrets of this environment: for all output of its programs that is shown. */
  mask(text: string): string;
  /** How many characters at the end of a masked text may be the beginning of a secret. */
  openEnd(text: string): number;
  /** Starts the named processes, or all. Resolves when each is up, has failed, or was overtaken. */
  start(names?: readonly string[], options?: StartOptions): Promise<OperationResult>;
  /** Stops the named processes, or all. Resolves when each is proven gone. */
  stop(names?: readonly string[], options?: StopOptions): Promise<OperationResult>;
  /** Stops and starts the named processes; their dependents are left alone. */
  restart(names?: readonly string[], options?: RestartOptions): Promise<OperationResult>;
  /** Takes a new model. What is unchanged is not touched; see `hasPendingChange`, `isRemoved`. */
  setModel(model: EnvironmentModel): ModelChange;
  /** Restarts exactly the running processes that have a pending change. */
  applyChanges(): Promise<OperationResult>;
  /** Stops those that were removed from the file. */
  stopRemoved(): Promise<OperationResult>;
}
