import { type FSWatcher, watch } from 'node:fs';
import * as l10n from '@vscode/l10n';
import { type Clock, systemClock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { DevEnvError } from '../base/errors.ts';
import { definitionHash } from '../config/diff.ts';
import type { EnvironmentModel, ProcessModel } from '../config/model.ts';
import { Monitor } from '../monitor/monitor.ts';
import type { UsageTarget } from '../monitor/target.ts';
import { type LaunchNotes, plainLaunch, readLaunchNotes } from '../store/launchNotes.ts';
import { RecordStore } from '../store/recordStore.ts';
import type { RunRecord } from '../store/runRecord.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { ChangeFeed } from './changeFeed.ts';
import { explain } from './chronicle.ts';
import type { Explanation } from './explain.ts';
import { definitionOf } from './recovery.ts';
import { statusOf } from './runRecords.ts';
import type { SecretSource } from './secretSource.ts';
import { SecretVault } from './secretVault.ts';
import type {
  EnvironmentController,
  FailureEvent,
  ModelChange,
  OperationResult,
  ProcessSnapshot,
  RunEvent,
  TaskResult,
} from './snapshot.ts';
import { hasProgram, initialStatus } from './state.ts';
import { type ProcessView, takeSnapshot } from './takeSnapshot.ts';
import type { Timeline } from './timeline.ts';

/** Notices of changes come in bursts; this long after the first one the records are read, in ms. */
const settleMs = 50;
/** How often they are read where the file system gives no notice, in ms. */
const lookEveryMs = 2_000;

/**
 * An environment that another host owns, seen through its records: shows everything, and changes
 * nothing. Every request is refused with a DevEnvError `owned-elsewhere`.
 */
export class ObservedEnvironment implements EnvironmentController, Disposable {
  readonly #stateFolder: StateFolder;
  readonly #records: RecordStore;
  readonly #clock: Clock;
  readonly #owner: string;
  readonly #secrets: SecretVault;
  #model: EnvironmentModel;
  #known = new Map<string, RunRecord>();
  readonly #launches = new Map<string, LaunchNotes>();
  #watcher: FSWatcher | undefined;
  #timer: Disposable | undefined;
  #isReading = false;
  #isDisposed = false;
  readonly #changes = new ChangeFeed();
  readonly #onDidRun = new Emitter<RunEvent>();
  readonly #onDidFail = new Emitter<FailureEvent>();
  readonly onDidChange = this.#changes.event;
  readonly onDidRun = this.#onDidRun.event;
  readonly onDidFail = this.#onDidFail.event;
  readonly usage = new Monitor({
    targets: () => this.#targets(),
    onDidChange: this.onDidChange,
  });

  /** `owner` names the other host to people. */
  constructor(
    model: EnvironmentModel,
    stateFolder: StateFolder,
    owner: string,
    clock = systemClock,
    secrets?: SecretSource,
  ) {
    this.#model = model;
    this.#stateFolder = stateFolder;
    this.#owner = owner;
    this.#clock = clock;
    this.#secrets = new SecretVault(secrets);
    this.#records = new RecordStore({ folder: stateFolder, onWriteError: () => undefined });
    try {
      this.#watcher = watch(stateFolder.recordFolder, { persistent: false }, () => {
        this.#lookIn(settleMs);
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // Looking now and then has to do.
    }
  }

  get model(): EnvironmentModel {
    return this.#model;
  }

  explain(name: string): Promise<Explanation | undefined> {
    return explain(this, name, this.#clock.now());
  }

  /** Only who runs it knows. */
  timelines(): readonly Timeline[] {
    return [];
  }

  mask(text: string): string {
    return this.#secrets.mask(text);
  }

  openEnd(text: string): number {
    return this.#secrets.openEnd(text);
  }

  processes(): readonly ProcessSnapshot[] {
    const { activeProfiles } = this.#model;
    return this.#views().map((view, _, all) => snapshotOf(view, all, activeProfiles));
  }

  process(name: string): ProcessSnapshot | undefined {
    return this.processes().find((process) => process.name === name);
  }

  /** Reads the records; resolves when the present state is known. To be called once at the start. */
  async look(): Promise<void> {
    if (this.#isReading || this.#isDisposed) return;
    this.#isReading = true;
    // Before the output of what runs is shown.
    if (this.#known.size === 0) await this.#secrets.learn(this.#model);
    const { records } = await this.#records.readAll('look');
    this.#isReading = false;
    if (this.#isGone()) return;
    const before = this.#known;
    this.#known = new Map(records.map((record) => [record.name, record]));
    for (const name of new Set([...before.keys(), ...this.#known.keys()])) {
      this.#compare(name, before.get(name), this.#known.get(name));
    }
    this.#lookIn(lookEveryMs);
  }

  start(): Promise<OperationResult> {
    return this.#refuse();
  }

  stop(): Promise<OperationResult> {
    return this.#refuse();
  }

  restart(): Promise<OperationResult> {
    return this.#refuse();
  }

  applyChanges(): Promise<OperationResult> {
    return this.#refuse();
  }

  stopRemoved(): Promise<OperationResult> {
    return this.#refuse();
  }

  setModel(model: EnvironmentModel): ModelChange {
    this.#model = model;
    for (const { name } of model.processes) this.#changes.announce(name, true);
    // What follows from the change is the owner's business.
    return { added: [], removed: [], changed: [] };
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    this.#watcher?.close();
    this.#changes.dispose();
    this.usage.dispose();
    this.#onDidRun.dispose();
    this.#onDidFail.dispose();
  }

  /** A call, since it is asked again after a wait, and the compiler would remember a field. */
  #isGone(): boolean {
    return this.#isDisposed;
  }

  #lookIn(delayMs: number): void {
    this.#timer?.dispose();
    if (this.#isDisposed) return;
    this.#timer = this.#clock.schedule(delayMs, () => void this.look());
  }

  /** Tells what is different; failures are told by the owner's own window. */
  #compare(name: string, before: RunRecord | undefined, now: RunRecord | undefined): void {
    if (JSON.stringify(before) === JSON.stringify(now)) return;
    const isNewRun = now !== undefined && now.runId !== undefined && now.runId !== before?.runId;
    if (isNewRun && now.logPath !== undefined && now.pid !== undefined) {
      const kind = before === undefined ? 'resumed' : 'began';
      this.#onDidRun.fire({ kind, name, run: now.run, logPath: now.logPath });
    }
    const hasEnded = before?.pid !== undefined && now?.pid === undefined;
    if (hasEnded && before.logPath !== undefined) {
      this.#onDidRun.fire({ kind: 'ended', name, run: before.run, logPath: before.logPath });
    }
    this.#changes.announce(name, before === undefined || now === undefined);
  }

  #targets(): UsageTarget[] {
    return [...this.#known.values()].flatMap((record) => {
      const isAlive = hasProgram(statusOf(record)?.state ?? initialStatus.state);
      if (!isAlive || record.pid === undefined) return [];
      return [{ name: record.name, pid: record.pid, runId: record.runId }];
    });
  }

  #views(): ProcessView[] {
    const declared = new Set(this.#model.processes.map((process) => process.name));
    const removed = [...this.#known.values()].filter(
      (record) => !declared.has(record.name) && record.pid !== undefined,
    );
    return [
      ...this.#model.processes.map((definition) => this.#view(definition, false)),
      ...removed.map((record) => this.#view(definitionOf(record, this.#model.folder), true)),
    ];
  }

  #view(definition: ProcessModel, isRemoved: boolean): ProcessView {
    const record = this.#known.get(definition.name);
    const status = (record && statusOf(record)) ?? initialStatus;
    const isAlive = hasProgram(status.state);
    return {
      name: definition.name,
      definition,
      status,
      pid: isAlive ? record?.pid : undefined,
      logPath: record?.logPath,
      nextStartAtMs: record?.nextStartAtMs,
      hasPendingChange:
        isAlive && !isRemoved && record?.definitionHash !== definitionHash(definition),
      isRemoved,
      isWatched: true,
      launch: isAlive && record?.pid !== undefined ? this.#launchOf(record) : undefined,
      sighting: undefined,
      healthReason: undefined,
      resultPaths: definition.kind === 'task' && record ? this.#resultPathsOf(record) : undefined,
    };
  }

  /** Read once for each run: they are written before it is seen. */
  #launchOf({ name, run, runId = '' }: RunRecord): LaunchNotes {
    const known = this.#launches.get(name);
    if (known?.runId === runId) return known;
    const read = readLaunchNotes(this.#stateFolder.launchPath(name, run));
    const notes = read?.runId === runId ? read : plainLaunch(runId);
    this.#launches.set(name, notes);
    return notes;
  }

  #resultPathsOf(record: RunRecord): Pick<TaskResult, 'stdoutPath' | 'stderrPath'> | undefined {
    if (record.result?.run !== record.run) return undefined;
    const { stdoutPath, stderrPath } = this.#launchOf(record);
    return { stdoutPath, stderrPath };
  }

  #refuse(): Promise<never> {
    return Promise.reject(
      new DevEnvError('owned-elsewhere', l10n.t('This environment is run by {0}.', this.#owner), {
        owner: this.#owner,
        stateFolder: this.#stateFolder.path,
      }),
    );
  }
}

function snapshotOf(
  view: ProcessView,
  all: readonly ProcessView[],
  activeProfiles: readonly string[],
): ProcessSnapshot {
  const byName = new Map(all.map((other) => [other.name, other]));
  const dependents = all
    .filter(({ definition }) => definition.dependsOn.some(({ name }) => name === view.name))
    .map(({ name }) => name);
  return takeSnapshot(
    view,
    {
      dependents,
      heldBy: dependents.filter((name) => byName.get(name)?.status.state.name === 'stopping'),
      dependencies: view.definition.dependsOn.map(({ name, condition }) => ({
        name,
        condition,
        process: byName.get(name),
      })),
    },
    activeProfiles,
  );
}
