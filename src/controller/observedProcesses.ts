import { definitionHash } from '../config/diff.ts';
import type { EnvironmentModel, ProcessModel } from '../config/model.ts';
import { type LaunchNotes, plainLaunch, readLaunchNotes } from '../store/launchNotes.ts';
import type { RunRecord } from '../store/runRecord.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { definitionOf } from './recovery.ts';
import { statusOf } from './runRecords.ts';
import type { ProcessSnapshot, TaskResult } from './snapshot.ts';
import { hasProgram, initialStatus } from './state.ts';
import { type ProcessView, takeSnapshot } from './takeSnapshot.ts';

/** What is known of the processes of another host at one moment. */
export interface Observed {
  readonly model: EnvironmentModel;
  readonly records: ReadonlyMap<string, RunRecord>;
  /** When schedules start them next, ms since the epoch, by name. */
  readonly scheduled: ReadonlyMap<string, number>;
}

interface Index {
  readonly views: ReadonlyMap<string, ProcessView>;
  readonly dependents: ReadonlyMap<string, readonly string[]>;
}

/** Snapshots of the processes that another host runs, from what it has written down. */
export class ObservedProcesses {
  readonly #stateFolder: StateFolder;
  readonly #launches = new Map<string, LaunchNotes>();
  #observed: Observed;
  /** Made once for each look, however often it is asked. */
  #index: Index | undefined;

  constructor(stateFolder: StateFolder, observed: Observed) {
    this.#stateFolder = stateFolder;
    this.#observed = observed;
  }

  get observed(): Observed {
    return this.#observed;
  }

  set(observed: Partial<Observed>): void {
    this.#observed = { ...this.#observed, ...observed };
    this.#index = undefined;
  }

  all(): readonly ProcessSnapshot[] {
    const index = this.#indexed();
    return [...index.views.values()].map((view) => this.#snapshot(view, index));
  }

  get(name: string): ProcessSnapshot | undefined {
    const index = this.#indexed();
    const view = index.views.get(name);
    return view && this.#snapshot(view, index);
  }

  #snapshot(view: ProcessView, { views, dependents }: Index): ProcessSnapshot {
    const { model, scheduled } = this.#observed;
    const needing = dependents.get(view.name) ?? [];
    const snapshot = takeSnapshot(
      view,
      {
        dependents: needing,
        heldBy: needing.filter((name) => views.get(name)?.status.state.name === 'stopping'),
        dependencies: view.definition.dependsOn.map(({ name, condition }) => ({
          name,
          condition,
          process: views.get(name),
        })),
      },
      model.activeProfiles,
    );
    return { ...snapshot, nextScheduledAtMs: scheduled.get(view.name) };
  }

  #indexed(): Index {
    return (this.#index ??= this.#makeIndex());
  }

  #makeIndex(): Index {
    const { model, records } = this.#observed;
    const declared = new Set(model.processes.map((process) => process.name));
    const removed = [...records.values()].filter(
      (record) => !declared.has(record.name) && record.pid !== undefined,
    );
    const views = [
      ...model.processes.map((definition) => this.#view(definition, false)),
      ...removed.map((record) => this.#view(definitionOf(record, model.folder), true)),
    ];
    const dependents = new Map<string, string[]>();
    for (const { name, definition } of views) {
      for (const needed of new Set(definition.dependsOn.map((one) => one.name))) {
        const known = dependents.get(needed);
        if (known === undefined) dependents.set(needed, [name]);
        else known.push(name);
      }
    }
    return { views: new Map(views.map((view) => [view.name, view])), dependents };
  }

  #view(definition: ProcessModel, isRemoved: boolean): ProcessView {
    const record = this.#observed.records.get(definition.name);
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
}
