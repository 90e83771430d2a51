import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorMessage, systemErrorCode } from '../base/errors.ts';
import { temporaryEnding, writeAtomically, writeAtomicallySync } from './atomicFile.ts';
import { formatRecord, parseRecord, type RecordFault, type RunRecord } from './runRecord.ts';
import type { StateFolder } from './stateFolder.ts';

/** A record has about 1 KB; what is this big is none, and is not read into memory. */
const maxRecordBytes = 256 * 1024;
/** A file that was being written this long ago never will be finished. */
const temporaryLifeMs = 60_000;

/** A record that was set aside: where it was, where it is now (if it could be moved), and why. */
export interface RecordProblem {
  readonly path: string;
  readonly movedTo: string | undefined;
  readonly fault: RecordFault;
}

export interface StoredRecords {
  readonly records: readonly RunRecord[];
  readonly problems: readonly RecordProblem[];
}

export interface RecordStoreOptions {
  readonly folder: StateFolder;
  /**
   * Records cannot be written (disk full, read-only, …): called once, and again only if it worked
   * in between. The environment runs on; what it does meanwhile is not known to the next host.
   */
  readonly onWriteError: (message: string) => void;
}

/** The run records of one environment, one file per process. Writing never rejects. */
export class RecordStore {
  readonly #folder: StateFolder;
  readonly #onWriteError: (message: string) => void;
  /** The newest record of each process that is not on disk yet. */
  readonly #pending = new Map<string, RunRecord>();
  /** Number of the newest write of each process; older ones must not land after it. */
  readonly #generations = new Map<string, number>();
  #writing: Promise<void> | undefined;
  #isFailing = false;

  constructor(options: RecordStoreOptions) {
    this.#folder = options.folder;
    this.#onWriteError = options.onWriteError;
  }

  /** Writes soon. Several writes of one process in a row may become one: that of the last. */
  write(record: RunRecord): void {
    this.#supersede(record.name);
    this.#pending.set(record.name, record);
    this.#writing ??= this.#drain();
  }

  /**
   * Writes now: on return the record is on disk, or the error was reported. For what must be known
   * whatever happens next: the intent with its run id before the spawn, so that a child whose host
   * dies right after the spawn is found by the mark in its environment; and, where environments of
   * others cannot be read, its PID in the same turn in which that is known.
   */
  writeSync(record: RunRecord): void {
    this.#supersede(record.name);
    this.#pending.delete(record.name);
    try {
      writeAtomicallySync(this.#folder.recordPath(record.name), formatRecord(record));
      this.#isFailing = false;
    } catch (error) {
      this.#failed(record, error);
    }
  }

  /** Of these processes, those of which there is no record on disk. */
  async missing(names: readonly string[]): Promise<readonly string[]> {
    const there = new Set(await readdir(this.#folder.recordFolder).catch(() => []));
    return names.filter((name) => !there.has(path.basename(this.#folder.recordPath(name))));
  }

  /** Forgets a process: for one that is no longer in the file and does not run any more. */
  async remove(name: string): Promise<void> {
    this.#supersede(name);
    this.#pending.delete(name);
    await this.#writing;
    await rm(this.#folder.recordPath(name), { force: true }).catch(() => undefined);
  }

  /** Resolves when everything is on disk that was to be written, as far as that is possible. */
  async flush(): Promise<void> {
    await this.#writing;
    // What failed before is tried once more.
    if (this.#pending.size > 0) await (this.#writing ??= this.#drain());
  }

  /**
   * Reads every record. What is not to be believed is left out, and set aside unless one only wants
   * to `look`: that is for the owner of the environment to do. What cannot be read stays, since the
   * reason may pass.
   */
  async readAll(how: 'own' | 'look' = 'own'): Promise<StoredRecords> {
    const records: RunRecord[] = [];
    const problems: RecordProblem[] = [];
    for (const name of await readdir(this.#folder.recordFolder).catch(() => [])) {
      const file = path.join(this.#folder.recordFolder, name);
      if (how === 'own' && name.endsWith(temporaryEnding)) await removeIfAbandoned(file);
      if (!name.endsWith('.json')) continue;
      const { record, fault } = await this.#read(file);
      if (record !== undefined) records.push(record);
      else if (fault !== undefined) {
        const isSetAside = how === 'own' && fault !== 'unreadable';
        problems.push({
          path: file,
          movedTo: isSetAside ? await setAside(file) : undefined,
          fault,
        });
      }
    }
    return { records, problems };
  }

  async #read(file: string): Promise<{ record?: RunRecord; fault?: RecordFault }> {
    let text: string;
    try {
      text = await readBounded(file);
    } catch (error) {
      // Another host may just have removed it.
      return systemErrorCode(error) === 'ENOENT' ? {} : { fault: 'unreadable' };
    }
    return parseRecord(
      text,
      (record) =>
        record.environment === this.#folder.id && this.#folder.recordPath(record.name) === file,
    );
  }

  async #drain(): Promise<void> {
    // After the present turn, so that a burst of transitions is one write.
    await Promise.resolve();
    const failed: RunRecord[] = [];
    for (let next = this.#takePending(); next !== undefined; next = this.#takePending()) {
      const { name } = next;
      const generation = this.#generations.get(name);
      const isCurrent = (): boolean => this.#generations.get(name) === generation;
      try {
        await writeAtomically(this.#folder.recordPath(name), formatRecord(next), isCurrent);
        this.#isFailing = false;
      } catch (error) {
        this.#report(error);
        if (isCurrent()) failed.push(next);
      }
    }
    this.#writing = undefined;
    // To be tried again with the next write, not at once: a full disk stays full for a while.
    for (const record of failed) {
      if (!this.#pending.has(record.name)) this.#pending.set(record.name, record);
    }
  }

  #takePending(): RunRecord | undefined {
    const [record] = this.#pending.values();
    if (record !== undefined) this.#pending.delete(record.name);
    return record;
  }

  #supersede(name: string): void {
    this.#generations.set(name, (this.#generations.get(name) ?? 0) + 1);
  }

  #failed(record: RunRecord, error: unknown): void {
    this.#report(error);
    this.#pending.set(record.name, record);
  }

  #report(error: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#onWriteError(errorMessage(error));
  }
}

async function readBounded(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error('not a file');
    if (stats.size > maxRecordBytes) return '';
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

async function setAside(file: string): Promise<string | undefined> {
  const target = `${file}.corrupt-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  try {
    await rename(file, target);
    return target;
  } catch {
    return undefined;
  }
}

async function removeIfAbandoned(file: string): Promise<void> {
  const stats = await stat(file).catch(() => undefined);
  if (stats === undefined || Date.now() - stats.mtimeMs < temporaryLifeMs) return;
  await rm(file, { force: true }).catch(() => undefined);
}
