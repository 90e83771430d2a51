import type { Disposable } from '../base/disposable.ts';
import type { ProcessModel } from '../config/model.ts';
import type { ProcessIdentity } from '../process/identity.ts';
import type { RunningProcess } from '../process/spawn.ts';
import type { LaunchNotes } from '../store/launchNotes.ts';

/** What the last readiness probe saw. */
export interface ProbeSighting {
  readonly seen: string;
  readonly tries: number;
}

/**
 * One life of a process, as its controller deals with it. It carries out, and reports what happens
 * as events of its own number; it decides nothing.
 */
export interface ProcessRun extends Disposable {
  readonly id: string;
  readonly number: number;
  /** What it was started from; for a run that was taken up, the newest definition. */
  readonly definition: ProcessModel;
  readonly definitionHash: string;
  /** Undefined when its output is not ours to keep. */
  readonly logPath: string | undefined;
  readonly exitFile: string | undefined;
  readonly identity: ProcessIdentity | undefined;
  /** How its program was started; undefined before that is known. */
  readonly launch: LaunchNotes | undefined;
  /** What the last readiness probe of this run saw. */
  readonly sighting: ProbeSighting | undefined;
  /** What the health check saw last, when it was not well. */
  readonly healthReason: string | undefined;
  /** What the process says of itself. */
  readonly statusText?: string | undefined;
  /** Resolves when it is known whether there is a program; for those who have to let go. */
  readonly spawned: Promise<void>;
  /**
   * Starts the program, or looks for it if it is not ours; reports `spawned` or why not, later
   * `exited`. Calls back when what identifies the program is known, or what is said of it changed.
   */
  spawn(listener: RunListener): void;
  /** Keeps the program from being started, if it is not yet. */
  cancelSpawn(): void;
  /** Leaves a start to the next host that waits for its environment; for those who let go. */
  leaveStart?(): void;
  /** Takes up the program of an earlier host; reports `exited` when it has ended. */
  take(process: RunningProcess & Partial<Disposable>, wasReady: boolean): void;
  /** Reports `ready`, or `startup-timeout`; `elapsedMs`: how long ago the run began. */
  watchReadiness(elapsedMs: number, onSighting: () => void): Promise<void>;
  /** Reports `health` again and again. */
  watchHealth(onSighting: () => void): Promise<void>;
  /** Reports `timed-out` when it takes longer than it may. */
  watchTimeout(elapsedMs: number): void;
  /** Ends all that is watched. */
  endWatching(): void;
  /** Stops the whole tree; reports `gone`. */
  terminate(): Promise<void>;
  /** Ends a running grace period. */
  kill(): void;
  /** Removes what a leader that ended by itself left behind; reports `gone`. */
  sweep(): Promise<void>;
}

export interface RunListener {
  readonly onIdentified: () => void;
  readonly onSighting: () => void;
}
