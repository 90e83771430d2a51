import type { Disposable } from '../base/disposable.ts';
import { definitionHash } from '../config/diff.ts';
import type { ProcessKind, ProcessModel } from '../config/model.ts';
import type { RunningProcess } from '../process/spawn.ts';
import type { LaunchNotes } from '../store/launchNotes.ts';
import { latestRun } from '../store/logFile.ts';
import type { ProbeSighting, ProcessRun } from './processRun.ts';
import type { RunServices } from './runProgram.ts';
import {
  type Effect,
  initialStatus,
  type ProcessEvent,
  type ProcessState,
  type ProcessStatus,
} from './state.ts';
import type { TaskResult } from './snapshot.ts';
import type { ProcessView } from './takeSnapshot.ts';
import { transition } from './transition.ts';

/** A run that an earlier host has begun. */
export interface KnownRun {
  readonly id: string;
  readonly definitionHash: string;
  readonly definition?: ProcessModel | undefined;
}

/** What a process controller tells the environment that owns it. */
export interface ProcessListener {
  /** A transition happened; called after its effects were set off. */
  onTransition(before: ProcessStatus): void;
  /** Something to show changed within a state. */
  onDetail(): void;
  /** The start time of the program is known now, which identifies it to later hosts. */
  onIdentified(): void;
  onRunBegan(run: ProcessRun): void;
  /** `before`: how it stood before it was gone. */
  onRunEnded(run: ProcessRun, before: ProcessState): void;
}

/** One process: holds its status, asks the pure table what follows an event, and carries it out. */
export class ProcessController implements ProcessView {
  readonly name: string;
  /** The newest definition: what the next run will be. */
  definition: ProcessModel;
  isRemoved = false;
  readonly isWatched = false;
  #status: ProcessStatus;
  #isDisposed = false;
  /** Of the runs that left files behind, whatever the records say. */
  readonly #latestRun: number;
  #run: ProcessRun | undefined;
  #restartTimer: Disposable | undefined;
  #nextStartAtMs: number | undefined;
  readonly #services: RunServices;
  readonly #listener: ProcessListener;

  constructor(definition: ProcessModel, services: RunServices, listener: ProcessListener) {
    this.name = definition.name;
    this.definition = definition;
    this.#status = initialStatus;
    this.#services = services;
    this.#latestRun = latestRun(services.stateFolder.logFolder(this.name));
    this.#listener = listener;
  }

  get status(): ProcessStatus {
    return this.#status;
  }

  get state(): ProcessState {
    return this.#status.state;
  }

  /** The present or last run of this host. */
  get run(): ProcessRun | undefined {
    return this.#run;
  }

  /** Is there a run that has not been proven gone? */
  get isAlive(): boolean {
    const { name } = this.state;
    return name === 'starting' || name === 'running' || name === 'stopping';
  }

  /** Nothing runs, and nothing will by itself. */
  get isAtRest(): boolean {
    const { name } = this.state;
    return name === 'stopped' || name === 'completed' || name === 'failed';
  }

  /** Of the present run. */
  get pid(): number | undefined {
    return this.isAlive ? this.#run?.identity?.pid : undefined;
  }

  /** Of the present or last run. */
  get logPath(): string | undefined {
    return this.#run?.logPath;
  }

  /** How the present run was started. */
  get launch(): LaunchNotes | undefined {
    return this.isAlive ? this.#run?.launch : undefined;
  }

  get nextStartAtMs(): number | undefined {
    const { state } = this;
    const isPending = state.name === 'backoff' || (state.name === 'failed' && state.retryAtMs);
    return isPending ? this.#nextStartAtMs : undefined;
  }

  get sighting(): ProbeSighting | undefined {
    const { state } = this;
    const isAsked = state.name === 'starting' || (state.name === 'waiting' && state.isLooking);
    return isAsked === true ? this.#run?.sighting : undefined;
  }

  get healthReason(): string | undefined {
    return this.#run?.healthReason;
  }

  get statusText(): string | undefined {
    return this.isAlive ? this.#run?.statusText : undefined;
  }

  /** Of the last run, as long as no other one has begun. */
  get resultPaths(): Pick<TaskResult, 'stdoutPath' | 'stderrPath'> {
    const isLast = this.#run?.number === this.#status.result?.run;
    const { stdoutPath, stderrPath } = (isLast ? this.#run?.launch : undefined) ?? {};
    return { stdoutPath, stderrPath };
  }

  /** Does the present run differ from what the file says now? */
  get hasPendingChange(): boolean {
    const { state } = this;
    const isLooking = state.name === 'waiting' && state.isLooking === true;
    return (
      (this.isAlive || isLooking) &&
      this.#run !== undefined &&
      this.#run.definitionHash !== definitionHash(this.definition)
    );
  }

  /**
   * Goes on where an earlier host left off. `program` is what it had started, alive or ended;
   * undefined when there is none to the recorded state. Carries out what the state asks for.
   * `known.definition` is of the program, where the file means another kind of process by now.
   */
  resume(
    status: ProcessStatus,
    known: KnownRun | undefined,
    program: RunningProcess | undefined,
    nextStartAtMs: number | undefined,
  ): void {
    this.#status = status;
    if (known !== undefined) this.#run = this.#createRun(known);
    const { state } = status;
    if (state.name === 'backoff' || (state.name === 'failed' && state.retryAtMs !== undefined)) {
      const delayMs = Math.max(0, (nextStartAtMs ?? 0) - this.#services.clock.now());
      this.#carryOut({ kind: 'schedule-restart', delayMs });
      // As it was recorded, to the millisecond.
      this.#nextStartAtMs = nextStartAtMs ?? this.#nextStartAtMs;
    }
    if (program === undefined || this.#run === undefined) return;
    this.#run.take(program, status.readyAtMs !== undefined);
    if ((state.name === 'starting' || state.name === 'stopping') && !state.isSpawned) {
      this.dispatch({ kind: 'spawned', run: status.run });
    } else if (state.name === 'starting') this.#carryOut({ kind: 'watch-readiness' });
    else if (state.name === 'running') {
      if (this.definition.kind === 'task') this.#carryOut({ kind: 'watch-timeout' });
      this.#carryOut({ kind: 'watch-health' });
    } else if (state.name === 'stopping' && state.phase !== 'held') {
      this.#carryOut({ kind: 'terminate' });
    }
  }

  /** Lets go: what runs runs on, and no event counts any more. */
  dispose(): void {
    this.#isDisposed = true;
    this.#restartTimer?.dispose();
    this.#run?.dispose();
  }

  /** Applies an event; false when the present state has no use for it. */
  dispatch(event: ProcessEvent): boolean {
    if (this.#isDisposed) return false;
    const before = this.#status;
    const result = transition(this.#status, event, {
      // A run ends as what it was begun as; the next one is what the file says now.
      kind: this.#kindFor(event),
      restart: this.definition.restart,
      successExitCodes: this.definition.successExitCodes,
      onUnhealthy: this.definition.healthCheck?.onFailure ?? 'report',
      random: this.#services.random(),
      nowMs: this.#services.clock.now(),
      nextRun: Math.max(this.#status.run, this.#latestRun) + 1,
    });
    if (result === undefined) return false;
    this.#status = result.status;
    const ended = endsRun(event) ? this.#run : undefined;
    for (const effect of result.effects) this.#carryOut(effect);
    if (ended !== undefined) this.#listener.onRunEnded(ended, before.state);
    this.#listener.onTransition(before);
    return true;
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'spawn':
        this.#run = this.#createRun();
        this.#listener.onRunBegan(this.#run);
        this.#run.spawn({
          onIdentified: () => this.#listener.onIdentified(),
          onSighting: () => this.#listener.onDetail(),
        });
        return;
      case 'cancel-spawn':
        this.#run?.cancelSpawn();
        return;
      case 'watch-readiness':
        void this.#run?.watchReadiness(this.#elapsedMs, () => this.#listener.onDetail());
        return;
      case 'watch-health':
        void this.#run?.watchHealth(() => this.#listener.onDetail());
        return;
      case 'watch-timeout':
        this.#run?.watchTimeout(this.#elapsedMs);
        return;
      case 'end-watching':
        this.#run?.endWatching();
        return;
      case 'terminate':
        void this.#run?.terminate();
        return;
      case 'kill':
        this.#run?.kill();
        return;
      case 'sweep':
        void this.#run?.sweep();
        return;
      case 'schedule-restart':
        this.#nextStartAtMs = this.#services.clock.now() + effect.delayMs;
        this.#restartTimer = this.#services.clock.schedule(effect.delayMs, () =>
          this.dispatch({ kind: 'backoff-over' }),
        );
        return;
      case 'cancel-restart':
        this.#restartTimer?.dispose();
        return;
    }
  }

  #kindFor(event: ProcessEvent): ProcessKind {
    const begun = event.kind === 'dependencies-met' ? undefined : this.#run;
    return (begun?.definition ?? this.definition).kind;
  }

  /** Since the present run began. */
  get #elapsedMs(): number {
    return this.#services.clock.now() - (this.#status.startedAtMs ?? 0);
  }

  #createRun(known?: KnownRun): ProcessRun {
    const report = (event: ProcessEvent): boolean => this.dispatch(event);
    const { createRun } = this.#services;
    const definition = known?.definition ?? this.definition;
    return createRun(definition, this.#status.run, this.#services, report, known);
  }
}

/** After these events nothing of the run is left, or it is said what is. */
function endsRun(event: ProcessEvent): boolean {
  return event.kind === 'gone' || event.kind === 'spawn-failed' || event.kind === 'port-in-use';
}
