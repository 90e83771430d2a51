import { type FSWatcher, watch } from 'node:fs';
import * as l10n from '@vscode/l10n';
import { type Clock, systemClock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { DevEnvError } from '../base/errors.ts';
import type { EnvironmentModel } from '../config/model.ts';
import { Monitor } from '../monitor/monitor.ts';
import type { UsageTarget } from '../monitor/target.ts';
import { RecordStore } from '../store/recordStore.ts';
import type { RunRecord } from '../store/runRecord.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { TriggerBook } from '../triggers/triggerBook.ts';
import { ChangeFeed } from './changeFeed.ts';
import { explain } from './chronicle.ts';
import type { Explanation } from './explain.ts';
import { ObservedProcesses } from './observedProcesses.ts';
import { pastStart } from './pastStart.ts';
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
} from './snapshot.ts';
import { hasProgram, initialStatus } from './state.ts';
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
  readonly #processes: ObservedProcesses;
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
    this.#processes = new ObservedProcesses(stateFolder, {
      model,
      records: new Map(),
      scheduled: new Map(),
    });
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
    return this.#processes.observed.model;
  }

  explain(name: string): Promise<Explanation | undefined> {
    return explain(this, name, this.#clock.now());
  }

  /** The last start, as the records tell it: of earlier ones only the owner knows. */
  timelines(): readonly Timeline[] {
    const past = pastStart(this.processes());
    return past === undefined ? [] : [past];
  }

  mask(text: string): string {
    return this.#secrets.mask(text);
  }

  openEnd(text: string): number {
    return this.#secrets.openEnd(text);
  }

  processes(): readonly ProcessSnapshot[] {
    return this.#processes.all();
  }

  process(name: string): ProcessSnapshot | undefined {
    return this.#processes.get(name);
  }

  /** Reads the records; resolves when the present state is known. To be called once at the start. */
  async look(): Promise<void> {
    if (this.#isReading || this.#isDisposed) return;
    this.#isReading = true;
    // Before the output of what runs is shown.
    if (this.#processes.observed.records.size === 0) await this.#secrets.learn(this.model);
    const [{ records }, scheduled] = await Promise.all([
      this.#records.readAll('look'),
      this.#readSchedule(),
    ]);
    this.#isReading = false;
    if (this.#isGone()) return;
    const before = this.#processes.observed;
    const known = new Map(records.map((record) => [record.name, record]));
    this.#processes.set({ records: known, scheduled });
    this.#learnGivenSecrets(known, before.records);
    for (const name of new Set([...before.records.keys(), ...known.keys()])) {
      this.#compare(name, before.records.get(name), known.get(name));
    }
    for (const name of new Set([...before.scheduled.keys(), ...scheduled.keys()])) {
      if (before.scheduled.get(name) !== scheduled.get(name)) this.#changes.announce(name);
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
    this.#processes.set({ model });
    for (const { name } of model.processes) this.#changes.announce(name, true);
    // What follows from the change is the owner's business.
    return { added: [], removed: [], changed: [] };
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    this.#watcher?.close();
    this.#changes.dispose();
    this.#secrets.dispose();
    this.usage.dispose();
    this.#onDidRun.dispose();
    this.#onDidFail.dispose();
  }

  /** What runs may have been given secrets that only its owner knows. */
  #learnGivenSecrets(
    records: ReadonlyMap<string, RunRecord>,
    before: ReadonlyMap<string, RunRecord>,
  ): void {
    for (const { name, pid, runId } of records.values()) {
      if (pid === undefined || runId === undefined || before.get(name)?.pid === pid) continue;
      this.#secrets.learnGiven(pid, runId);
    }
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
    // What is about to be started has no PID yet.
    const isNewRun = now?.runId !== before?.runId || before?.pid === undefined;
    if (
      isNewRun &&
      now?.runId !== undefined &&
      now.logPath !== undefined &&
      now.pid !== undefined
    ) {
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
    return [...this.#processes.observed.records.values()].flatMap((record) => {
      const isAlive = hasProgram(statusOf(record)?.state ?? initialStatus.state);
      if (!isAlive || record.pid === undefined) return [];
      return [{ name: record.name, pid: record.pid, runId: record.runId }];
    });
  }

  /** What the owner has noted for the host after it. */
  async #readSchedule(): Promise<ReadonlyMap<string, number>> {
    const book = new TriggerBook(this.#stateFolder);
    await book.read();
    return new Map(
      book.names().flatMap((name) => {
        const nextMs = book.get(name)?.nextMs;
        return nextMs === undefined ? [] : [[name, nextMs] as const];
      }),
    );
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
