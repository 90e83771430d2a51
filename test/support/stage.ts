import assert from 'node:assert/strict';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessModel } from '../../src/config/model.ts';
import { findMarked } from '../../src/process/linuxMarkers.ts';
import { formatRecord, parseRecord, type RunRecord } from '../../src/store/runRecord.ts';
import { openStateFolder, type StateFolder } from '../../src/store/stateFolder.ts';
import { HostProcess, writeModel } from './hostProcess.ts';
import { environmentModel } from './testEnvironment.ts';
import { until } from './until.ts';

/** A folder with an environment in it, for hosts that come and go. */
export class Stage implements AsyncDisposable {
  readonly folder: string;
  readonly stateFolder: StateFolder;
  readonly #modelFile: string;
  readonly #hosts: HostProcess[] = [];

  private constructor(folder: string, stateFolder: StateFolder, modelFile: string) {
    this.folder = folder;
    this.stateFolder = stateFolder;
    this.#modelFile = modelFile;
  }

  static async set(processes: (folder: string) => readonly ProcessModel[]): Promise<Stage> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-env-test-')));
    const model = environmentModel(folder, processes(folder));
    const stateFolder = await openStateFolder(folder, join(folder, '.state'));
    return new Stage(folder, stateFolder, await writeModel(folder, model));
  }

  host(waitMs = 0): HostProcess {
    const host = new HostProcess(this.folder, this.#modelFile, join(this.folder, '.state'), waitMs);
    this.#hosts.push(host);
    return host;
  }

  async readRecord(name: string): Promise<RunRecord> {
    const text = await readFile(this.stateFolder.recordPath(name), 'utf8');
    const { record } = parseRecord(text, () => true);
    assert.ok(record, text);
    return record;
  }

  async writeRecord(record: RunRecord): Promise<void> {
    await writeFile(this.stateFolder.recordPath(record.name), formatRecord(record));
  }

  /** Resolves when all that a host told is on disk. */
  async recorded({ processes }: HostProcess): Promise<void> {
    for (const { name, state } of processes) {
      await until('the record', async () => (await this.readRecord(name)).state === state);
    }
  }

  /** The runs of this environment that have a living process, by the name of their process. */
  async liveRuns(): Promise<Map<string, string[]>> {
    const runs = new Map<string, string[]>();
    for (const [runId, run] of await findMarked()) {
      if (run.stateFolder !== this.stateFolder.path) continue;
      const name = run.processName ?? '?';
      runs.set(name, [...(runs.get(name) ?? []), runId]);
    }
    return runs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const host of this.#hosts) await host.kill();
    const last = await this.host(5_000).untilOpen();
    last.say('stop');
    await last.until((host) => host.messages.some((message) => message.done));
    await last.release();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A host that was told to start everything. */
export async function startedHost(stage: Stage): Promise<HostProcess> {
  const host = await stage.host().untilOpen();
  host.say('start');
  return host;
}
