import type { Clock } from '../base/clock.ts';
import { RecordStore, type StoredRecords } from '../store/recordStore.ts';
import { type FinishedRun, RunHistory } from '../store/runHistory.ts';
import type { RunRecord } from '../store/runRecord.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { describeStatus } from './describe.ts';
import type { ProcessController } from './processController.ts';
import type { ProcessRun } from './processRun.ts';
import { beginnerOf } from './restartCounts.ts';
import { recordOf } from './runRecords.ts';
import type { ProcessState } from './state.ts';

/** Keeps what the next host has to know. */
export type StateKeeper = Pick<
  Persistence,
  'read' | 'save' | 'missing' | 'addToHistory' | 'forget' | 'flush'
>;

/** Keeps on disk what the next host has to know: a record per process, and the runs that are over. */
export class Persistence {
  readonly #records: RecordStore;
  readonly #history: RunHistory;
  readonly #environment: string;
  readonly #clock: Clock;
  readonly #exits = new Map<string, RunRecord['lastExits']>();

  constructor(folder: StateFolder, clock: Clock, onWriteError: (message: string) => void) {
    this.#records = new RecordStore({ folder, onWriteError });
    this.#history = new RunHistory(folder);
    this.#environment = folder.id;
    this.#clock = clock;
  }

  /** What earlier hosts recorded. */
  async read(): Promise<StoredRecords> {
    const stored = await this.#records.readAll();
    for (const record of stored.records) this.#exits.set(record.name, record.lastExits);
    return stored;
  }

  /**
   * Records a transition. The intent, with the run id, is on disk before the spawn, so that there is
   * no moment at which a child runs that nobody would find again. Its PID follows soon on Linux,
   * where the run id is enough to find it; elsewhere it is on disk before anything else happens.
   */
  save(controller: ProcessController, before: ProcessState): void {
    const { name, state } = controller;
    const record = recordOf(controller, this.#environment, this.#exits.get(name) ?? []);
    this.#exits.set(name, record.lastExits);
    const isIntent = isBeingSpawned(state);
    const isBirth = isIntent || isBeingSpawned(before);
    if (isIntent || (isBirth && process.platform !== 'linux')) this.#records.writeSync(record);
    else this.#records.write(record);
  }

  /** Of these processes, those of which there is no record. */
  missing(names: readonly string[]): Promise<readonly string[]> {
    return this.#records.missing(names);
  }

  /** Adds a run that is over to the history of its process. */
  addToHistory({ name, status }: ProcessController, run: ProcessRun, before: ProcessState): void {
    // What followed says nothing of why it ended, unless it is that it could not be ended.
    const ended = status.state.name === 'failed' ? status.state : before;
    const { startedAtMs = 0, readyAtMs, lastExit } = status;
    const exit = lastExit?.run === run.number ? lastExit : undefined;
    const finished = {
      run: run.number,
      runId: run.id,
      startedAtMs,
      ...(readyAtMs === undefined ? {} : { readyAfterMs: readyAtMs - startedAtMs }),
      endedAtMs: exit?.atMs ?? this.#clock.now(),
      ...(exit?.code === undefined ? {} : { code: exit.code }),
      ...(exit?.signal === undefined ? {} : { signal: exit.signal }),
      ...endedBy(ended),
      why:
        describeStatus(
          { ...status, state: ended },
          { pending: [], probe: undefined, heldBy: [] },
        ) ?? '',
    };
    // What cannot be kept is reported by the records, which are written at the same time.
    this.#history.add(name, finished).catch(() => undefined);
  }

  /** Forgets a process that is no longer in the file. */
  forget(name: string): void {
    this.#exits.delete(name);
    void this.#records.remove(name);
  }

  /** Resolves when everything is on disk. */
  async flush(): Promise<void> {
    await this.#records.flush();
  }
}

function isBeingSpawned(state: ProcessState): boolean {
  return (state.name === 'starting' || state.name === 'stopping') && !state.isSpawned;
}

/** What ended a run, for those who count; a stop and a restart that were asked for are no failures. */
function endedBy(state: ProcessState): Pick<FinishedRun, 'endedBy'> {
  if (state.name === 'failed') return { endedBy: beginnerOf(state.failure.cause) };
  if (state.name !== 'stopping') return {};
  const { then } = state;
  if (then.kind === 'failed') return { endedBy: beginnerOf(then.failure.cause) };
  const isItself = then.kind !== 'backoff' && then.cause.kind === 'exited';
  return { endedBy: isItself ? 'itself' : beginnerOf(then.cause) };
}
