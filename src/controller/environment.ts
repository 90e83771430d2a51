import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import { Emitter } from '../base/emitter.ts';
import { DevEnvError } from '../base/errors.ts';
import { diffModels } from '../config/diff.ts';
import type { EnvironmentModel, ProcessModel } from '../config/model.ts';
import type { RecordProblem } from '../store/recordStore.ts';
import { ChangeFeed } from './changeFeed.ts';
import { Chronicle } from './chronicle.ts';
import { type CompanionHost, Companions } from './companion.ts';
import { describeStart } from './describe.ts';
import { type EnvironmentOptions, servicesOf } from './environmentOptions.ts';
import { EnvironmentRequests } from './environmentRequests.ts';
import type { Explanation } from './explain.ts';
import { LimitWatch } from './limitWatch.ts';
import { LogKeeper } from './logKeeper.ts';
import { Operations } from './operations.ts';
import { Persistence, type StateKeeper } from './persistence.ts';
import { ProcessController } from './processController.ts';
import { ProcessSet } from './processSet.ts';
import { RemovedProcesses } from './removedProcesses.ts';
import { definitionOf, type RecoveredRun, recoverRuns } from './recovery.ts';
import type { RunServices } from './runProgram.ts';
import type { KnownSecrets } from './secretSource.ts';
import { Settler } from './settler.ts';
import type {
  EnvironmentController,
  FailureEvent,
  ModelChange,
  OperationResult,
  ProcessSnapshot,
  RestartOptions,
  RunEvent,
  StartOptions,
  StopOptions,
} from './snapshot.ts';
import type { GiveUp, ProcessState, ProcessStatus } from './state.ts';
import { everything, namesOfAll, type Targets } from './targets.ts';
import type { Timeline } from './timeline.ts';
import { monitorOf } from './usageTargets.ts';

/**
 * All processes of one environment: takes requests, keeps the order between processes, and tells
 * its readers what changed. Every decision about one process is in `transition.ts`; here is what
 * needs to see more than one.
 */
export class Environment implements EnvironmentController, CompanionHost {
  readonly #processes = new ProcessSet((name) => this.#companions.facts(name));
  readonly #settler = new Settler(this.#processes, (name) => {
    this.#afterChange(name);
  });
  readonly #services: RunServices;
  readonly #persistence: StateKeeper;
  readonly #operations = new Operations(this.#processes);
  readonly #requests = new EnvironmentRequests(
    this.#processes,
    this.#settler,
    this.#operations,
    (request) => this.#companions.onRequest(request),
  );
  readonly #companions = new Companions();
  readonly #logs: LogKeeper;
  readonly #removed: RemovedProcesses;
  readonly #chronicle: Chronicle;
  #model: EnvironmentModel;
  /** While what earlier hosts left is being looked up; requests wait for it. */
  #recovering: Promise<readonly RecordProblem[]> | undefined;

  readonly #changes = new ChangeFeed();
  readonly #onDidRun = new Emitter<RunEvent>();
  readonly #onDidFail = new Emitter<FailureEvent>();
  readonly onDidChange = this.#changes.event;
  readonly onDidRun = this.#onDidRun.event;
  readonly onDidFail = this.#onDidFail.event;
  readonly usage = monitorOf(this.#processes, this.onDidChange);

  constructor(options: EnvironmentOptions) {
    this.#model = options.model;
    this.#services = servicesOf(options);
    this.#persistence =
      options.persistence ??
      new Persistence(options.stateFolder, this.#services.clock, this.#services.onWriteError);
    this.#logs = new LogKeeper({
      clock: this.#services.clock,
      onDidRun: this.onDidRun,
      logging: (name) => this.#processes.get(name)?.definition.logging,
      onProblem: this.#services.onWriteError,
    });
    this.#removed = new RemovedProcesses(this.#services.clock);
    for (const definition of options.model.processes) this.#add(definition);
    this.#processes.activeProfiles = options.model.activeProfiles;
    this.#chronicle = new Chronicle(this, this.#services.clock);
    const own = [() => this.#chronicle, () => new LimitWatch(this)];
    this.#companions.begin([...own, ...(options.companions ?? [])], this);
  }

  get model(): EnvironmentModel {
    return this.#model;
  }

  explain(name: string): Promise<Explanation | undefined> {
    return this.#chronicle.explain(name);
  }

  timelines(): readonly Timeline[] {
    return this.#chronicle.timelines();
  }

  mask(text: string): string {
    return this.#services.secrets.mask(text);
  }

  /** The secrets without which a stop command of what runs could not be run; for who is to run it. */
  secretsToStop(): Readonly<Record<string, string>> {
    const running = this.#processes.all().filter(({ isAlive }) => isAlive);
    const definitions = running.map(({ definition }) => definition);
    return this.#services.secrets.known(definitions.filter(({ stop }) => stop.command));
  }

  openEnd(text: string): number {
    return this.#services.secrets.openEnd(text);
  }

  get secrets(): KnownSecrets {
    return this.#services.secrets;
  }

  processes(): readonly ProcessSnapshot[] {
    return this.#processes.all().map((controller) => this.#processes.snapshot(controller));
  }

  process(name: string): ProcessSnapshot | undefined {
    const controller = this.#processes.get(name);
    return controller && this.#processes.snapshot(controller);
  }

  async start(names?: readonly string[], options: StartOptions = {}): Promise<OperationResult> {
    if (this.#recovering !== undefined) await this.#recovering;
    this.#mustKnowHow();
    const isRolledBack = this.#model.onStartFailure === 'rollback';
    return this.#requests.start(this.#targets(names), { ...options, isRolledBack });
  }

  async stop(names?: readonly string[], options: StopOptions = {}): Promise<OperationResult> {
    if (this.#recovering !== undefined) await this.#recovering;
    // What is no part of "all" runs only if somebody wanted it to, and is stopped with everything.
    const targets =
      names === undefined ? everything(this.#processes.names()) : this.#targets(names);
    return this.#requests.stop(targets, options);
  }

  async restart(names?: readonly string[], options: RestartOptions = {}): Promise<OperationResult> {
    if (this.#recovering !== undefined) await this.#recovering;
    this.#mustKnowHow();
    return this.#requests.restart(this.#targets(names), options);
  }

  giveUp(name: string, fault: GiveUp): void {
    this.#processes.get(name)?.dispatch({ kind: 'give-up', ...fault });
  }

  stoppedNeed(name: string): string | undefined {
    return this.#processes.stoppedNeed(name);
  }

  announce(name: string): void {
    this.#changes.announce(name);
  }

  setModel(model: EnvironmentModel): ModelChange {
    const change = diffModels(this.#model, model);
    this.#model = model;
    this.#processes.activeProfiles = model.activeProfiles;
    void this.#services.secrets.learn(model);
    const removed = new Map(
      this.#processes.all().map((controller) => [controller.name, controller]),
    );
    this.#settler.together(() => {
      for (const definition of model.processes) {
        const controller = this.#processes.get(definition.name);
        removed.delete(definition.name);
        if (controller === undefined) this.#add(definition);
        else {
          controller.definition = definition;
          controller.isRemoved = false;
          // In the order of the new file.
          this.#processes.put(controller);
        }
        this.#touch(definition.name, true);
      }
      for (const controller of removed.values()) {
        controller.isRemoved = true;
        this.#processes.put(controller);
        this.#touch(controller.name, true);
      }
    });
    this.#companions.setModel(model);
    return change;
  }

  applyChanges(): Promise<OperationResult> {
    const changed = this.#processes
      .all()
      .filter((controller) => controller.hasPendingChange && !controller.isRemoved);
    return this.restart(changed.map((controller) => controller.name));
  }

  stopRemoved(): Promise<OperationResult> {
    const removed = this.#processes.all().filter((controller) => controller.isRemoved);
    return this.stop(
      removed.map((controller) => controller.name),
      { withDependents: false, by: 'config' },
    );
  }

  /**
   * Takes up what earlier hosts left: what runs is run on, what ended meanwhile is dealt with as if
   * one had been there. To be called once, before anything is started. Resolves with what could not
   * be believed and was set aside.
   */
  recover(): Promise<readonly RecordProblem[]> {
    this.#recovering = this.#recover().finally(() => {
      this.#recovering = undefined;
      this.#companions.onRecovered();
    });
    return this.#recovering;
  }

  async #recover(): Promise<readonly RecordProblem[]> {
    // Before the output of what runs is shown.
    await this.#services.secrets.learn(this.#model);
    const { records, problems } = await this.#persistence.read();
    const recovered = await recoverRuns(records, this.#services.clock);
    this.#settler.together(() => {
      for (const run of recovered) this.#resume(run);
    });
    return problems;
  }

  #resume({ record, status, program }: RecoveredRun): void {
    const { name, runId, definitionHash } = record;
    const isDeclared = this.#processes.get(name) !== undefined;
    if (!isDeclared && program === undefined) {
      // No longer in the file, and nothing of it runs.
      this.#persistence.forget(name);
      return;
    }
    if (!isDeclared) this.#add(definitionOf(record, this.#model.folder));
    const controller = this.#processes.get(name);
    if (controller === undefined) return;
    controller.isRemoved = !isDeclared;
    // Nobody else's program is taken for ours, nor ours for somebody else's.
    const isSameKind = record.kind === controller.definition.kind;
    const definition = isSameKind ? undefined : definitionOf(record, this.#model.folder);
    const known = runId === undefined ? undefined : { id: runId, definitionHash, definition };
    controller.resume(status, known, program, record.nextStartAtMs);
    const { run } = controller;
    if (program !== undefined && run?.logPath !== undefined) {
      this.#onDidRun.fire({ kind: 'resumed', name, run: run.number, logPath: run.logPath });
    }
    this.#companions.tell({ name, before: controller.state, status: controller.status });
    this.#touch(name, true);
  }

  /** Writes down again of what there is no record any more, after the state folder was lost. */
  async saveMissing(): Promise<void> {
    const recorded = this.#processes.all().filter(({ status }) => status.sinceMs !== undefined);
    for (const name of await this.#persistence.missing(recorded.map((one) => one.name))) {
      const controller = this.#processes.get(name);
      if (controller !== undefined) this.#persistence.save(controller, controller.state);
    }
  }

  /**
   * Resolves when everything that happened is on disk, and no program is just being started: then
   * another host can take over.
   */
  async flush(): Promise<void> {
    // A person or a program may take for ever to give what a start needs.
    for (const { run } of this.#processes.all()) run?.leaveStart?.();
    for (const { run } of this.#processes.all()) await run?.spawned;
    await this.#companions.flush();
    await this.#persistence.flush();
  }

  /** Lets go of the processes without touching them: nothing is stopped, nothing starts again. */
  dispose(): void {
    for (const controller of this.#processes.all()) controller.dispose();
    this.#operations.cancel();
    this.#companions.dispose();
    this.#removed.dispose();
    this.#logs.dispose();
    this.#onDidRun.dispose();
    this.#onDidFail.dispose();
    this.#changes.dispose();
    this.#services.secrets.dispose();
    this.usage.dispose();
  }

  #add(definition: ProcessModel): void {
    const { name } = definition;
    const controller: ProcessController = new ProcessController(definition, this.#services, {
      onTransition: (before) => {
        this.#persistence.save(controller, before.state);
        this.#reportFailure(controller, before);
        this.#companions.tell({ name, before: before.state, status: controller.status });
        this.#touch(name);
        if (isBackByItself(before.state, controller.state)) this.#settler.revive(name);
        this.#settler.settle();
      },
      onDetail: () => {
        this.#announce(name);
      },
      onIdentified: () => {
        this.#persistence.save(controller, controller.state);
      },
      onRunBegan: ({ number, logPath }) => {
        const cause = describeStart(controller.status);
        if (logPath !== undefined)
          this.#onDidRun.fire({ kind: 'began', name, run: number, logPath, cause });
      },
      onRunEnded: (run, before) => {
        const { number, logPath } = run;
        this.#persistence.addToHistory(controller, run, before);
        if (logPath !== undefined)
          this.#onDidRun.fire({ kind: 'ended', name, run: number, logPath });
      },
    });
    this.#processes.put(controller);
  }

  #reportFailure(controller: ProcessController, before: ProcessStatus): void {
    const { name, state, status } = controller;
    // What was told of once goes on until the process was well or a person acted.
    if (state.name !== 'failed' || before.state.name === 'failed' || before.hasIncident) return;
    const reason = this.#processes.snapshot(controller).reason ?? '';
    this.#onDidFail.fire({ name, run: status.run, failure: state.failure.code, reason });
  }

  /** Notes that a process changed: for its neighbours, and for the readers. */
  #touch(name: string, isStructural = false): void {
    this.#settler.touch(name);
    this.#announce(name, isStructural);
  }

  /** What is said of a dependency is part of what its dependents say they wait for. */
  #announce(name: string, isStructural = false): void {
    this.#changes.announce(name, isStructural);
    for (const dependent of this.#processes.dependentsOf(name)) {
      if (this.#processes.state(dependent) === 'waiting') this.#changes.announce(dependent);
    }
  }

  #afterChange(name: string): void {
    const controller = this.#processes.get(name);
    if (controller !== undefined && this.#removed.isOver(controller)) {
      // The pause of a crash loop ends with it.
      controller.dispose();
      this.#processes.delete(name);
      this.#persistence.forget(name);
      this.#changes.announce(name, true);
    }
    this.#operations.update(name);
  }

  /** What the records tell is enough to stop a process, and not to start it. */
  #mustKnowHow(): void {
    if (this.#model.isProvisional !== true) return;
    throw new DevEnvError(
      'config-invalid',
      l10n.t('Nothing can be started while {0} has errors.', basename(this.#model.configPath)),
    );
  }

  #targets(names: readonly string[] | undefined): Targets {
    return names === undefined
      ? everything(namesOfAll(this.#model))
      : this.#processes.targets(names);
  }
}

/** A crash loop that has had its pause is started again, and nobody asked for it. */
function isBackByItself(before: ProcessState, now: ProcessState): boolean {
  if (before.name !== 'failed' || now.name !== 'waiting') return false;
  // Those who failed because of another one name the root of it, and come back with that.
  return now.cause.kind !== 'requested' && now.cause.kind !== 'dependency-failed';
}
