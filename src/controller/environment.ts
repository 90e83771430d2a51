import { diffModels } from '../config/diff.ts';
import type { EnvironmentModel } from '../config/model.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { RecordProblem } from '../store/recordStore.ts';
import { Chronicle } from './chronicle.ts';
import { type CompanionHost, Companions } from './companion.ts';
import { type EnvironmentOptions, servicesOf } from './environmentOptions.ts';
import { EnvironmentRequests } from './environmentRequests.ts';
import type { Explanation } from './explain.ts';
import { LimitWatch } from './limitWatch.ts';
import { LogKeeper } from './logKeeper.ts';
import { Operations } from './operations.ts';
import { Persistence, type StateKeeper } from './persistence.ts';
import { ProcessCoordinator } from './processCoordinator.ts';
import { ProcessSet } from './processSet.ts';
import { mustKnowHow, recoverRuns } from './recovery.ts';
import type { RunServices } from './runProgram.ts';
import type { KnownSecrets } from './secretSource.ts';
import type {
  EnvironmentController,
  ModelChange,
  OperationResult,
  ProcessSnapshot,
  RestartOptions,
  StartOptions,
  StopOptions,
} from './snapshot.ts';
import type { GiveUp } from './state.ts';
import { everything, namesOfAll, type Targets } from './targets.ts';
import type { Timeline } from './timeline.ts';
import { monitorOf } from './usageTargets.ts';

/**
 * All processes of one environment: takes requests, keeps the order between processes, and tells
 * its readers what changed. Every decision about one process is in `transition.ts`; here is what
 * needs to see more than one.
 */
export class Environment implements EnvironmentController, CompanionHost {
  readonly #companions = new Companions();
  readonly #processes = new ProcessSet((name) => this.#companions.facts(name));
  readonly #operations = new Operations(this.#processes);
  readonly #services: RunServices;
  readonly #persistence: StateKeeper;
  readonly #coordinator: ProcessCoordinator;
  readonly #requests: EnvironmentRequests;
  readonly #logs: LogKeeper;
  readonly #chronicle: Chronicle;
  #model: EnvironmentModel;
  /** While what earlier hosts left is being looked up; requests wait for it. */
  #recovering: Promise<readonly RecordProblem[]> | undefined;

  readonly onDidChange: EnvironmentController['onDidChange'];
  readonly onDidRun: EnvironmentController['onDidRun'];
  readonly onDidFail: EnvironmentController['onDidFail'];
  readonly usage: Monitor;

  constructor(options: EnvironmentOptions) {
    this.#model = options.model;
    const services = servicesOf(options);
    this.#services = services;
    const { clock, onWriteError } = services;
    this.#persistence =
      options.persistence ?? new Persistence(options.stateFolder, clock, onWriteError);
    this.#coordinator = new ProcessCoordinator({
      processes: this.#processes,
      services,
      persistence: this.#persistence,
      companions: this.#companions,
      operations: this.#operations,
    });
    this.onDidChange = this.#coordinator.onDidChange;
    this.onDidRun = this.#coordinator.onDidRun;
    this.onDidFail = this.#coordinator.onDidFail;
    this.usage = monitorOf(this.#processes, this.onDidChange);
    this.#requests = new EnvironmentRequests(
      this.#processes,
      this.#coordinator.settler,
      this.#operations,
      (request) => this.#companions.onRequest(request),
    );
    this.#logs = new LogKeeper({
      clock,
      onDidRun: this.onDidRun,
      logging: (name) => this.#processes.get(name)?.definition.logging,
      onProblem: onWriteError,
    });
    for (const definition of options.model.processes) this.#coordinator.add(definition);
    this.#processes.activeProfiles = options.model.activeProfiles;
    this.#chronicle = new Chronicle(this, clock);
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
    mustKnowHow(this.#model);
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
    mustKnowHow(this.#model);
    return this.#requests.restart(this.#targets(names), options);
  }

  giveUp(name: string, fault: GiveUp): void {
    this.#processes.get(name)?.dispatch({ kind: 'give-up', ...fault });
  }

  stoppedNeed(name: string): string | undefined {
    return this.#processes.stoppedNeed(name);
  }

  announce(name: string): void {
    this.#coordinator.announce(name);
  }

  setModel(model: EnvironmentModel): ModelChange {
    const change = diffModels(this.#model, model);
    this.#model = model;
    this.#processes.activeProfiles = model.activeProfiles;
    void this.#services.secrets.learn(model);
    this.#coordinator.redefine(model.processes);
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
    const names = removed.map((controller) => controller.name);
    return this.stop(names, { withDependents: false, by: 'config' });
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
    this.#coordinator.resume(recovered, this.#model.folder);
    this.#learnGivenSecrets();
    return problems;
  }

  /** What runs may have been given other values than are known here, and print them. */
  #learnGivenSecrets(): void {
    for (const { run, pid } of this.#processes.all()) {
      if (run !== undefined && pid !== undefined) this.#services.secrets.learnGiven(pid, run.id);
    }
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
    this.#coordinator.dispose();
    this.#logs.dispose();
    this.#services.secrets.dispose();
    this.usage.dispose();
  }

  #targets(names: readonly string[] | undefined): Targets {
    return names === undefined
      ? everything(namesOfAll(this.#model))
      : this.#processes.targets(names);
  }
}
