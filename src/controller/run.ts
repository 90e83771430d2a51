import { randomBytes } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import type { Disposable } from '../base/disposable.ts';
import { errorMessage } from '../base/errors.ts';
import { definitionHash } from '../config/diff.ts';
import type { ProcessModel } from '../config/model.ts';
import type { ProbeResult } from '../health/probe.ts';
import { identify, nobody, type ProcessIdentity } from '../process/identity.ts';
import { findPortHolder, type PortHolder } from '../process/portHolder.ts';
import { listenerBelongsTo } from '../process/portOwner.ts';
import { waitUntilPortIsFree } from '../process/ports.ts';
import type { RunningProcess } from '../process/spawn.ts';
import { stopTree, sweepTree } from '../process/stopTree.ts';
import type { RunTarget } from '../process/tree.ts';
import type { LaunchNotes } from '../store/launchNotes.ts';
import type { ProbeSighting, ProcessRun, RunListener } from './processRun.ts';
import { RunHeartbeat } from './runHeartbeat.ts';
import { RunProbes } from './runProbes.ts';
import { RunProgram, type RunServices } from './runProgram.ts';
import type { ProcessEvent } from './state.ts';

/** How long a port may stay bound after its process is gone, before this is no longer waited for. */
const portReleaseTimeoutMs = 5_000;

/** What outlived its leader has nobody left to work for, in ms. */
const sweepGraceMs = 1_000;

/** Those who write down what a task has said still have work to do, which a slow disk may hold up. */
const writersGraceMs = 20_000;

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
  readonly #force = new AbortController();
  readonly #probes: RunProbes;
  readonly #heartbeat: RunHeartbeat;
  #process: (RunningProcess & Partial<Disposable>) | undefined;
  #identified: ProcessIdentity | undefined;
  #spawned = Promise.resolve();
  #isDisposed = false;
  #spawnedAtMs = 0;
  #isCancelled = false;
  #wasReady = false;
  /** Its leader's PID may have been given to another program since: nothing is taken for granted. */
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
    this.#probes = new RunProbes({
      definition,
      run: number,
      clock: services.clock,
      report: (event) => {
        if (event.kind === 'ready') this.#wasReady = true;
        report(event);
      },
      context: {
        workdir: definition.workdir,
        env: () => this.#program.env(),
        subscribeToLines: (listener, from) => this.#program.followLines(listener, from),
        ownsPort: (port, address) => this.#ownsPort(port, address),
        heartbeat: this.#heartbeat.source,
        mask: services.secrets.mask,
      },
    });
  }

  get identity(): ProcessIdentity | undefined {
    return this.#identified ?? this.#process?.identity;
  }

  /** How its program was started; undefined before that is known. */
  get launch(): LaunchNotes | undefined {
    return this.#program.launch;
  }

  /** What the last readiness probe of this run saw. */
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

  /** Keeps the program from being started, if it is not yet. */
  cancelSpawn(): void {
    this.#isCancelled = true;
    this.#program.cancelEnv();
  }

  /** Resolves when it is known whether there is a program; for those who have to let go. */
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
      const holder = await this.#portHolder();
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
      // To tell of it takes as long as to start it: others are started first.
      await this.#services.turns.afterwards();
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

  async #portHolder(): Promise<PortHolder | undefined> {
    const { port } = this.definition;
    const holder = port === undefined ? undefined : await findPortHolder(port);
    return holder?.command === undefined
      ? holder
      : { ...holder, command: this.#services.secrets.mask(holder.command) };
  }

  /** Takes up the program of an earlier host; reports `exited` when it has ended. */
  take(process: RunningProcess & Partial<Disposable>, wasReady: boolean): void {
    this.#process = process;
    this.#wasReady = wasReady;
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
  async terminate(): Promise<void> {
    const { stop } = this.definition;
    const { command } = stop;
    await this.#end(async () =>
      stopTree(this.#target(), {
        signal: stop.signal,
        graceMs: stop.timeoutMs,
        clock: this.#services.clock,
        ageMs: this.#services.clock.now() - this.#spawnedAtMs,
        force: this.#force.signal,
        ...(command === undefined ? {} : { command: () => this.#program.runBeside(command) }),
      }),
    );
  }

  #target(): RunTarget {
    const { controlGroups } = this.launch ?? {};
    const { envCommands, runner } = this.definition;
    // What an earlier host began may have been defined otherwise.
    const isLeaderOldest = !this.#isTakenUp && envCommands.length === 0 && runner === undefined;
    return { ...(this.identity ?? nobody), runId: this.id, isLeaderOldest, controlGroups };
  }

  /** Ends a running grace period: SIGKILL now. */
  kill(): void {
    this.#force.abort();
  }

  /** Removes what a leader that ended by itself left behind; reports `gone`. */
  async sweep(): Promise<void> {
    const target = this.#target();
    const { clock } = this.#services;
    const graceMs = this.launch?.stdoutPath === undefined ? sweepGraceMs : writersGraceMs;
    await this.#end(async () =>
      this.#isTakenUp
        ? stopTree(target, { signal: 'SIGTERM', graceMs, clock })
        : sweepTree(target, { clock, graceMs }),
    );
  }

  async #end(work: () => Promise<{ survivors: readonly { pid: number }[] }>): Promise<void> {
    const run = this.number;
    let survivors: number[];
    try {
      survivors = (await work()).survivors.map((survivor) => survivor.pid);
      if (survivors.length === 0) {
        // The end of the leader is news that must come before the end of the run.
        await this.#process?.exited;
        await this.#program.cleanUp();
        this.#heartbeat.dispose();
        await this.#portReleased();
      }
    } catch {
      // Not knowing is not proof: the leader is named as what may be left.
      survivors = this.identity === undefined ? [] : [this.identity.pid];
    }
    this.#report({ kind: 'gone', run, survivors });
  }

  /** A port that was never ours may be somebody else's, and stay bound for ever. */
  async #portReleased(): Promise<void> {
    const { port } = this.definition;
    if (port === undefined || !this.#wasReady) return;
    await waitUntilPortIsFree(port, {
      clock: this.#services.clock,
      timeoutMs: portReleaseTimeoutMs,
    });
  }

  /** A server that somebody else runs on our port must not be taken for ours. */
  async #ownsPort(port: number, address: string): Promise<ProbeResult> {
    const { identity } = this;
    if (identity === undefined) return { ok: false, seen: '' };
    const { owner, seen } = await listenerBelongsTo(port, { ...identity, runId: this.id }, address);
    return { ok: owner !== 'foreign', seen };
  }
}
