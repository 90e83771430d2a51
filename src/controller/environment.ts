import * as l10n from '@vscode/l10n';
import { type Clock, systemClock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { DevEnvError } from '../base/errors.ts';
import { createTurns } from '../base/turns.ts';
import { diffModels } from '../config/diff.ts';
import type { EnvironmentModel, ProcessModel } from '../config/model.ts';
import { dependenciesOf, dependentsOf } from '../graph/dependencyGraph.ts';
import { findMarked } from '../process/linuxMarkers.ts';
import type { RunningProcess } from '../process/spawn.ts';
import type { RecordProblem } from '../store/recordStore.ts';
import type { RunRecord } from '../store/runRecord.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { ChangeFeed } from './changeFeed.ts';
import { dependencyVerdict } from './dependencyStatus.ts';
import { Operation } from './operation.ts';
import { Persistence } from './persistence.ts';
import { ProcessController } from './processController.ts';
import { beforeSpawn, definitionOf, findRun, hasProgram } from './recovery.ts';
import type { RunServices } from './run.ts';
import { statusOf } from './runRecords.ts';
import type {
  EnvironmentController,
  FailureEvent,
  ModelChange,
  OperationResult,
  ProcessSnapshot,
  RunEvent,
  StartOptions,
  StopOptions,
} from './snapshot.ts';
import { takeSnapshot } from './takeSnapshot.ts';

/** What an environment is made of. */
export interface EnvironmentOptions {
  readonly model: EnvironmentModel;
  readonly stateFolder: StateFolder;
  /** What children inherit; usually `process.env`. */
  readonly hostEnv: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  /** The state cannot be written: said once, and again only if it worked in between. */
  readonly onWriteError?: (message: string) => void;
}

/**
 * All processes of one environment: takes requests, keeps the order between processes, and tells
 * its readers what changed. Every decision about one process is in `transition.ts`; here is what
 * needs to see more than one.
 */
export class Environment implements EnvironmentController {
  readonly #controllers = new Map<string, ProcessController>();
  readonly #services: RunServices;
  readonly #persistence: Persistence;
  readonly #operations = new Set<Operation>();
  #model: EnvironmentModel;
  #dependents = new Map<string, string[]>();

  /** Names whose neighbours have to be looked at again; drained by `#settle`. */
  readonly #unsettled = new Set<string>();
  #isSettling = false;
  readonly #changes = new ChangeFeed();
  readonly #onDidRun = new Emitter<RunEvent>();
  readonly #onDidFail = new Emitter<FailureEvent>();
  readonly onDidChange = this.#changes.event;
  readonly onDidRun = this.#onDidRun.event;
  readonly onDidFail = this.#onDidFail.event;

  constructor(options: EnvironmentOptions) {
    this.#model = options.model;
    this.#services = {
      clock: options.clock ?? systemClock,
      hostEnv: options.hostEnv,
      stateFolder: options.stateFolder,
      nextTurn: createTurns(),
    };
    this.#persistence = new Persistence(
      options.stateFolder,
      this.#services.clock,
      options.onWriteError ?? (() => undefined),
    );
    for (const definition of options.model.processes) this.#add(definition);
    this.#indexDependents();
  }

  get model(): EnvironmentModel {
    return this.#model;
  }

  processes(): readonly ProcessSnapshot[] {
    return [...this.#controllers.values()].map((controller) => this.#snapshot(controller));
  }

  process(name: string): ProcessSnapshot | undefined {
    const controller = this.#controllers.get(name);
    return controller && this.#snapshot(controller);
  }

  async start(names?: readonly string[], options: StartOptions = {}): Promise<OperationResult> {
    const { withDependencies = true, by = 'you' } = options;
    const asked = names ?? this.#declaredNames();
    this.#mustKnow(asked);
    const isNamed = new Set(names);
    const all = withDependencies ? [...dependenciesOf(this.#graph(), asked)] : asked;
    const wereDown = all.filter((name) => !this.#isUp(name));
    this.#together(() => {
      for (const name of all) {
        // A task that has done its work does it again only when it is asked for by name.
        if (this.#state(name) === 'completed' && !isNamed.has(name)) continue;
        this.#controllers.get(name)?.dispatch({
          kind: 'start',
          by,
          through: isNamed.size > 0 && !isNamed.has(name) ? asked.join(', ') : undefined,
          ignoresDependencies: !withDependencies,
        });
      }
    });
    const result = await this.#follow('up', all);
    if (result.failed.length > 0 && this.#model.onStartFailure === 'rollback') {
      // What failed is down, and keeps its reason.
      const cameUp = wereDown.filter((name) => this.#isUp(name));
      await this.stop(cameUp, { by: 'rollback', withDependents: false });
    }
    return result;
  }

  async stop(names?: readonly string[], options: StopOptions = {}): Promise<OperationResult> {
    const { withDependents = true, by = 'you' } = options;
    const asked = names ?? [...this.#controllers.keys()];
    this.#mustKnow(asked);
    const all = withDependents ? [...dependentsOf(this.#graph(), asked)] : asked;
    const isNamed = new Set(names);
    this.#together(() => {
      for (const name of all) {
        const controller = this.#controllers.get(name);
        if (controller === undefined) continue;
        if (by === 'close') controller.isClosing = true;
        const through = isNamed.size > 0 && !isNamed.has(name) ? asked.join(', ') : undefined;
        controller.dispatch({ kind: 'stop', by, through, isHeld: true });
        if (options.force === true) controller.dispatch({ kind: 'force' });
      }
    });
    return this.#follow('down', all);
  }

  async restart(names?: readonly string[]): Promise<OperationResult> {
    const asked = names ?? this.#declaredNames();
    this.#mustKnow(asked);
    const isAsked = new Set(asked);
    this.#together(() => {
      for (const name of dependenciesOf(this.#graph(), asked)) {
        const controller = this.#controllers.get(name);
        if (isAsked.has(name)) controller?.dispatch({ kind: 'restart', by: 'you', isHeld: true });
        // What it needs and is down comes up with it; what is up is left alone.
        else if (controller?.state.name !== 'completed') {
          controller?.dispatch({ kind: 'start', by: 'you', through: asked.join(', ') });
        }
      }
    });
    return this.#follow('up', asked);
  }

  setModel(model: EnvironmentModel): ModelChange {
    const change = diffModels(this.#model, model);
    this.#model = model;
    const declared = new Set(model.processes.map((definition) => definition.name));
    for (const definition of model.processes) {
      const controller = this.#controllers.get(definition.name);
      if (controller === undefined) {
        this.#add(definition);
        continue;
      }
      controller.definition = definition;
      controller.isRemoved = false;
      // Put at the end again, so that the order is that of the file.
      this.#controllers.delete(definition.name);
      this.#controllers.set(definition.name, controller);
    }
    for (const [name, controller] of [...this.#controllers]) {
      if (declared.has(name)) continue;
      controller.isRemoved = true;
      this.#controllers.delete(name);
      this.#controllers.set(name, controller);
    }
    this.#indexDependents();
    for (const name of this.#controllers.keys()) this.#touch(name, true);
    this.#settle();
    return change;
  }

  applyChanges(): Promise<OperationResult> {
    const changed = [...this.#controllers.values()].filter(
      (controller) => controller.hasPendingChange && !controller.isRemoved,
    );
    return this.restart(changed.map((controller) => controller.name));
  }

  stopRemoved(): Promise<OperationResult> {
    const removed = [...this.#controllers.values()].filter((controller) => controller.isRemoved);
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
  async recover(): Promise<readonly RecordProblem[]> {
    const { clock } = this.#services;
    const { records, problems } = await this.#persistence.read();
    const marked = await findMarked();
    const found = await Promise.all(
      records.map(async (record) => ({ record, program: await findRun(record, marked, clock) })),
    );
    this.#together(() => {
      for (const { record, program } of found) this.#resume(record, program);
    });
    return problems;
  }

  #resume(record: RunRecord, program: RunningProcess | undefined): void {
    const recorded = statusOf(record);
    if (recorded === undefined) return;
    const { name, runId, definitionHash } = record;
    const isLost = program === undefined && hasProgram(recorded.state);
    const status = isLost ? { ...recorded, state: beforeSpawn(recorded.state) } : recorded;
    if (!this.#controllers.has(name)) {
      // No longer in the file: of interest only while something of it may run.
      if (program === undefined) {
        this.#persistence.forget(name);
        return;
      }
      this.#add(definitionOf(record, this.#model.folder));
    }
    const controller = this.#controllers.get(name);
    if (controller === undefined) return;
    controller.isRemoved = !this.#declaredNames().includes(name);
    const known = runId === undefined ? undefined : { id: runId, definitionHash };
    controller.resume(status, known, hasProgram(recorded.state) ? program : undefined, record);
    const { run } = controller;
    if (controller.isAlive && run !== undefined) {
      this.#onDidRun.fire({ kind: 'resumed', name, run: run.number, logPath: run.logPath });
    }
    this.#touch(name, true);
  }

  /** Resolves when everything that happened is on disk. */
  async flush(): Promise<void> {
    await this.#persistence.flush();
  }

  /** Lets go of the processes without touching them: nothing is stopped, nothing starts again. */
  dispose(): void {
    for (const controller of this.#controllers.values()) controller.dispose();
    this.#onDidRun.dispose();
    this.#onDidFail.dispose();
    this.#changes.dispose();
  }

  #add(definition: ProcessModel): void {
    const { name } = definition;
    const controller: ProcessController = new ProcessController(definition, this.#services, {
      onTransition: (before) => {
        const { state, status } = controller;
        this.#persistence.save(controller, before);
        if (state.name === 'failed' && before.name !== 'failed') {
          const reason = this.#snapshot(controller).reason ?? '';
          this.#onDidFail.fire({ name, run: status.run, failure: state.failure.code, reason });
        }
        this.#touch(name);
        this.#settle();
      },
      onDetail: () => {
        this.#touch(name);
        for (const dependent of this.#dependents.get(name) ?? []) this.#changes.announce(dependent);
      },
      onRunBegan: ({ number, logPath }) => {
        this.#onDidRun.fire({ kind: 'began', name, run: number, logPath });
      },
      onRunEnded: (run) => {
        const { number, logPath } = run;
        this.#persistence.addToHistory(controller, run);
        this.#onDidRun.fire({ kind: 'ended', name, run: number, logPath });
      },
    });
    this.#controllers.set(name, controller);
  }

  /** Notes that a process changed: for its neighbours, and for the readers. */
  #touch(name: string, isStructural = false): void {
    this.#unsettled.add(name);
    this.#changes.announce(name, isStructural);
  }

  /**
   * Carries out several requests as one: neighbours are looked at only when all are known, so that
   * nothing starts or fails by the look of a half-made request.
   */
  #together(requests: () => void): void {
    const isNested = this.#isSettling;
    this.#isSettling = true;
    try {
      requests();
    } finally {
      this.#isSettling = isNested;
    }
    this.#settle();
  }

  /**
   * Looks again at every process whose neighbourhood changed, until nothing follows any more. A
   * loop, not a recursion: a failure can run down a chain of a thousand.
   */
  #settle(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    try {
      for (const name of this.#unsettled) {
        this.#unsettled.delete(name);
        const controller = this.#controllers.get(name);
        if (controller?.isRemoved === true && isAtRest(controller)) {
          this.#controllers.delete(name);
          this.#persistence.forget(name);
          this.#changes.announce(name, true);
        }
        this.#reconsider(name);
        for (const dependent of this.#dependents.get(name) ?? []) this.#reconsider(dependent);
        for (const { name: dependency } of controller?.definition.dependsOn ?? []) {
          this.#reconsider(dependency);
        }
        for (const operation of [...this.#operations]) this.#update(operation, name);
      }
    } finally {
      this.#isSettling = false;
    }
  }

  /** Starts a process whose conditions hold now, and lets one stop whose dependents have. */
  #reconsider(name: string): void {
    const controller = this.#controllers.get(name);
    if (controller === undefined) return;
    const { state } = controller;
    if (state.name === 'waiting') {
      const verdict = state.ignoresDependencies
        ? ({ kind: 'met' } as const)
        : dependencyVerdict(controller.definition.dependsOn, (dependency) => {
            const found = this.#controllers.get(dependency);
            return found && { state: found.state, reason: () => this.#snapshot(found).reason };
          });
      if (verdict.kind === 'met') controller.dispatch({ kind: 'dependencies-met' });
      else if (verdict.kind === 'impossible') {
        controller.dispatch({ kind: 'dependency-failed', name: verdict.name, why: verdict.why });
      } else this.#changes.announce(name);
    } else if (state.name === 'stopping' && state.phase === 'held') {
      if (this.#heldBy(name).length === 0) controller.dispatch({ kind: 'release' });
    }
  }

  /** The dependents that are still stopping, for whose end a stop of `name` waits. */
  #heldBy(name: string): string[] {
    return (this.#dependents.get(name) ?? []).filter(
      (dependent) => this.#state(dependent) === 'stopping',
    );
  }

  #follow(want: 'up' | 'down', names: readonly string[]): Promise<OperationResult> {
    const operation = new Operation(want, names);
    this.#operations.add(operation);
    for (const name of names) this.#update(operation, name);
    operation.settleIfDone();
    this.#settle();
    return operation.result;
  }

  #update(operation: Operation, name: string): void {
    const controller = this.#controllers.get(name);
    operation.update(
      name,
      controller && {
        kind: controller.definition.kind,
        state: controller.state,
        reason: () => this.#snapshot(controller).reason,
      },
    );
    if (operation.isDone) this.#operations.delete(operation);
  }

  #snapshot(controller: ProcessController): ProcessSnapshot {
    const { dependsOn } = controller.definition;
    return takeSnapshot(controller, {
      dependents: this.#dependents.get(controller.name) ?? [],
      heldBy: this.#heldBy(controller.name),
      dependencies: dependsOn.map(({ name, condition }) => ({
        name,
        condition,
        controller: this.#controllers.get(name),
      })),
    });
  }

  #state(name: string): string | undefined {
    return this.#controllers.get(name)?.state.name;
  }

  #isUp(name: string): boolean {
    return this.#state(name) === 'running' || this.#state(name) === 'completed';
  }

  #declaredNames(): string[] {
    return this.#model.processes.map((definition) => definition.name);
  }

  #graph(): ProcessModel[] {
    return [...this.#controllers.values()].map((controller) => controller.definition);
  }

  #indexDependents(): void {
    this.#dependents = new Map();
    for (const { definition } of this.#controllers.values()) {
      for (const { name } of definition.dependsOn) {
        const dependents = this.#dependents.get(name);
        if (dependents === undefined) this.#dependents.set(name, [definition.name]);
        else dependents.push(definition.name);
      }
    }
  }

  #mustKnow(names: readonly string[]): void {
    const unknown = names.find((name) => !this.#controllers.has(name));
    if (unknown === undefined) return;
    throw new DevEnvError('unknown-process', l10n.t('There is no process "{0}".', unknown), {
      name: unknown,
    });
  }
}

function isAtRest(controller: ProcessController): boolean {
  const { name } = controller.state;
  return name === 'stopped' || name === 'completed' || name === 'failed';
}
