import { randomBytes } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import type { Disposable } from '../base/disposable.ts';
import { errorMessage } from '../base/errors.ts';
import { definitionHash } from '../config/diff.ts';
import type { ProcessModel } from '../config/model.ts';
import { identify, type ProcessIdentity } from '../process/identity.ts';
import type { RunningProcess } from '../process/spawn.ts';
import type { LaunchNotes } from '../store/launchNotes.ts';
import type { ProbeSighting, ProcessRun, RunListener } from './processRun.ts';
import { RunHeartbeat } from './runHeartbeat.ts';
import { RunPort } from './runPort.ts';
import { RunProbes } from './runProbes.ts';
import { RunProgram, type RunServices } from './runProgram.ts';
import { RunTermination } from './runTermination.ts';
import type { ProcessEvent } from './state.ts';

/**
 * One life of a process, from spawn to the end of its whole tree. It carries out, and reports what
 * happens as events of its own number; it decides nothing.
 */
export class Run implements ProcessRun {
  readonly id: string;
  readonly number: number;
  /** What it was started from; for a run that was taken up, the newest definition. */
  readonly definition: ProcessModel;
  readonly definitionHash: string;
  readonly logPath: string;
  readonly exitFile: string;
  readonly #services: RunServices;
  readonly #report: (event: ProcessEvent) => void;
  readonly #program: RunProgram;
  readonly #probes: RunProbes;
  readonly #heartbeat: RunHeartbeat;
  readonly #port: RunPort;
  readonly #termination: RunTermination;
  #process: (RunningProcess & Partial<Disposable>) | undefined;
  #identified: ProcessIdentity | undefined;
  #spawned = Promise.resolve();
  #isDisposed = false;
  #spawnedAtMs = 0;
  #isCancelled = false;
  #isTakenUp = false;

  /** `known` identifies a run of an earlier host, whose process is given by `take`. */
  constructor(
    definition: ProcessModel,
    number: number,
    services: RunServices,
    report: (event: ProcessEvent) => void,
    known?: { readonly id: string; readonly definitionHash: string },
  ) {
    this.definition = definition;
    this.number = number;
    this.#services = services;
    this.#report = report;
    this.id = known?.id ?? randomBytes(8).toString('hex');
    this.definitionHash = known?.definitionHash ?? definitionHash(definition);
    this.logPath = services.stateFolder.logPath(definition.name, number);
    this.exitFile = services.stateFolder.exitFile(definition.name, number);
    this.#heartbeat = new RunHeartbeat(this.id, definition, services);
    this.#program = new RunProgram(this, services);
    this.#port = new RunPort(this, services);
    this.#probes = new RunProbes({
      definition,
      run: number,
      clock: services.clock,
      report: (event) => {
        if (event.kind === 'ready') this.#port.wasOurs = true;
        report(event);
      },
      context: {
        workdir: definition.workdir,
        env: () => this.#program.env(),
        subscribeToLines: (listener, from) => this.#program.followLines(listener, from),
        ownsPort: (port, address) => this.#port.owns(port, address),
        heartbeat: this.#heartbeat.source,
        mask: services.secrets.mask,
      },
    });
    this.#termination = new RunTermination({
      run: this,
      progress: () => ({
        process: this.#process,
        spawnedAtMs: this.#spawnedAtMs,
        isTakenUp: this.#isTakenUp,
      }),
      program: this.#program,
      heartbeat: this.#heartbeat,
      port: this.#port,
      clock: services.clock,
      report,
    });
  }

  get identity(): ProcessIdentity | undefined {
    return this.#identified ?? this.#process?.identity;
  }

  get launch(): LaunchNotes | undefined {
    return this.#program.launch;
  }

  get sighting(): ProbeSighting | undefined {
    return this.#probes.sighting;
  }

  get healthReason(): string | undefined {
    return this.#probes.healthReason;
  }

  get statusText(): string | undefined {
    return this.#heartbeat.source?.statusText;
  }

  /** What the environment of the program has for this run only. */
  get variables(): Readonly<Record<string, string>> {
    return this.#heartbeat.variables;
  }

  cancelSpawn(): void {
    this.#isCancelled = true;
    this.#program.cancelEnv();
  }

  get spawned(): Promise<void> {
    return this.#spawned;
  }

  leaveStart(): void {
    if (!this.#program.isWaitingForEnv) return;
    this.#isDisposed = true;
    this.#program.cancelEnv();
  }

  /** Starts the program; reports `spawned` or `spawn-failed`, later `exited`. */
  spawn({ onIdentified }: RunListener): void {
    this.#spawned = this.#spawn();
    void this.#spawned.then(async () => {
      if (this.#process === undefined) return;
      void this.#reportExit(this.#process);
      await this.#identify(this.#process, onIdentified);
    });
  }

  /** Where the start time of a child takes a program to ask for, the start does not wait for it. */
  async #identify({ pid, identity }: RunningProcess, onIdentified: () => void): Promise<void> {
    if (identity.startTime !== undefined) return;
    const identified = await identify(pid).catch(() => undefined);
    if (identified === undefined || this.#isDisposed) return;
    this.#identified = identified;
    onIdentified();
  }

  async #spawn(): Promise<void> {
    const { number: run } = this;
    try {
      await this.#program.prepare();
      await this.#services.turns.next();
      const holder = await this.#port.holder();
      // The host was let go of meanwhile: another one may own the environment by now.
      if (this.#isDisposed) return;
      if (this.#isCancelled) {
        this.#report({ kind: 'spawn-failed', run, message: l10n.t('cancelled') });
        return;
      }
      if (holder !== undefined) {
        const isLost = holder.stateFolder === this.#services.stateFolder.path;
        this.#report({ kind: 'port-in-use', run, holder, isLost });
        return;
      }
      await this.#heartbeat.listen();
      if (this.#isGone()) return;
      this.#process = await this.#program.spawn();
      // To tell of it takes as long as to start it: others are started first. Elsewhere, only its
      // record tells the next host of it, and comes at once.
      if (process.platform === 'linux') await this.#services.turns.afterwards();
    } catch (error) {
      this.#heartbeat.dispose();
      if (this.#isDisposed) return;
      const message = this.#services.secrets.mask(errorMessage(error));
      this.#report({ kind: 'spawn-failed', run, message });
      return;
    }
    this.#spawnedAtMs = this.#services.clock.now();
    this.#report({ kind: 'spawned', run });
  }

  // A method, since the compiler takes a property for unchanged across an await.
  #isGone(): boolean {
    return this.#isDisposed;
  }

  take(process: RunningProcess & Partial<Disposable>, wasReady: boolean): void {
    this.#process = process;
    this.#port.wasOurs = wasReady;
    this.#isTakenUp = true;
    void this.#heartbeat.listenAgain();
    void this.#reportExit(process);
  }

  /** Lets go of the program without touching it. */
  dispose(): void {
    this.#isDisposed = true;
    this.#program.cancelEnv();
    this.endWatching();
    this.#heartbeat.dispose();
    this.#process?.dispose?.();
  }

  async #reportExit(process: RunningProcess): Promise<void> {
    const exit = this.#program.explain(await process.exited);
    this.#report({ kind: 'exited', run: this.number, exit });
  }

  /** `elapsedMs`: how long ago the run began, for one that was taken up on the way. */
  watchReadiness(elapsedMs: number, onSighting: () => void): Promise<void> {
    this.#heartbeat.onStatus = onSighting;
    return this.#probes.watchReadiness(this.definition.startupTimeoutMs - elapsedMs, onSighting);
  }

  watchHealth(onSighting: () => void): Promise<void> {
    this.#heartbeat.onStatus = onSighting;
    return this.#probes.watchHealth(onSighting);
  }

  watchTimeout(elapsedMs: number): void {
    this.#probes.watchTimeout(elapsedMs);
  }

  endWatching(): void {
    this.#probes.end();
  }

  /** Stops the whole tree by the definition's stop policy; reports `gone`. */
  terminate(): Promise<void> {
    return this.#termination.terminate();
  }

  /** Ends a running grace period: SIGKILL now. */
  kill(): void {
    this.#termination.kill();
  }

  /** Removes what a leader that ended by itself left behind; reports `gone`. */
  sweep(): Promise<void> {
    return this.#termination.sweep();
  }
}
