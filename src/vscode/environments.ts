import * as vscode from 'vscode';
import { type Disposable, DisposableStore, toDisposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type {
  EnvironmentChange,
  FailureEvent,
  ProcessSnapshot,
  RunEvent,
} from '../controller/snapshot.ts';
import type { LoadResult } from '../config/load.ts';
import { FolderEnvironment, type ModelEvent } from './folderEnvironment.ts';
import type { Profiles } from './profiles.ts';
import type { Secrets } from './secrets/secrets.ts';

/** An event of one environment among several. */
export interface InFolder<T> {
  readonly environment: FolderEnvironment;
  readonly event: T;
}

/** One process, named so that it can be looked up again later. */
export interface ProcessRef {
  readonly environment: FolderEnvironment;
  readonly name: string;
}

/** A process with where it belongs. */
export interface ProcessRow {
  readonly ref: ProcessRef;
  readonly process: ProcessSnapshot;
}

/** The environments of all workspace folders, kept in step with the folders. */
export class Environments implements Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #profiles: Profiles | undefined;
  readonly #secrets: Secrets | undefined;
  readonly #store = new DisposableStore();
  readonly #byFolder = new Map<string, { environment: FolderEnvironment; links: Disposable }>();
  /** Folders that were closed and are still stopping what ran in them. */
  readonly #closing = new Set<Promise<void>>();

  readonly #onDidChangeStatus = this.#store.add(new Emitter<FolderEnvironment | undefined>());
  readonly #onDidLoad = this.#store.add(new Emitter<InFolder<LoadResult | undefined>>());
  readonly #onDidTakeModel = this.#store.add(new Emitter<InFolder<ModelEvent>>());
  readonly #onDidChange = this.#store.add(new Emitter<InFolder<EnvironmentChange>>());
  readonly #onDidRun = this.#store.add(new Emitter<InFolder<RunEvent>>());
  readonly #onDidFail = this.#store.add(new Emitter<InFolder<FailureEvent>>());
  readonly #onDidRemove = this.#store.add(new Emitter<FolderEnvironment>());

  /** Fires with undefined when folders were added or removed. */
  readonly onDidChangeStatus = this.#onDidChangeStatus.event;
  readonly onDidLoad = this.#onDidLoad.event;
  readonly onDidTakeModel = this.#onDidTakeModel.event;
  readonly onDidChange = this.#onDidChange.event;
  readonly onDidRun = this.#onDidRun.event;
  readonly onDidFail = this.#onDidFail.event;
  readonly onDidRemove = this.#onDidRemove.event;

  /** `profiles`: what a person has chosen; without it, what the files say counts. */
  constructor(log: vscode.LogOutputChannel, profiles?: Profiles, secrets?: Secrets) {
    this.#log = log;
    this.#profiles = profiles;
    this.#secrets = secrets;
    this.#store.add(
      vscode.workspace.onDidChangeWorkspaceFolders((event) => {
        for (const folder of event.removed) this.#remove(folder);
        for (const folder of event.added) void this.open(folder);
        this.#onDidChangeStatus.fire(undefined);
      }),
    );
  }

  /** Reads the files of all folders; resolves when all have been read. Call once, when wired. */
  async load(): Promise<void> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    await Promise.all(folders.map((folder) => this.open(folder)));
  }

  /** Takes up one more folder; resolves when its file has been read. */
  open(folder: vscode.WorkspaceFolder): Promise<void> {
    const key = folder.uri.toString();
    // Programs run where files are; on a virtual file system there is nowhere to run them.
    if (folder.uri.scheme !== 'file' || this.#byFolder.has(key)) return Promise.resolve();
    const secrets = this.#secrets?.of(folder);
    const environment = new FolderEnvironment(folder, this.#log, this.#profiles, secrets);
    this.#byFolder.set(key, { environment, links: this.#link(environment) });
    return environment.reload();
  }

  /** In the order of the workspace. */
  all(): readonly FolderEnvironment[] {
    const entries = [...this.#byFolder.values()].map((entry) => entry.environment);
    return entries.sort((a, b) => a.folder.index - b.folder.index);
  }

  /** Those with something to show: an environment that runs or could. */
  live(): readonly FolderEnvironment[] {
    return this.all().filter((environment) => environment.controller !== undefined);
  }

  /** Every process with where it belongs, in the order of the tree. */
  processes(): readonly ProcessRow[] {
    return this.live().flatMap((environment) =>
      (environment.controller?.processes() ?? []).map((process) => ({
        ref: { environment, name: process.name },
        process,
      })),
    );
  }

  /** The environment whose file, present or last seen, this is. */
  ownerOf(uri: vscode.Uri): FolderEnvironment | undefined {
    if (uri.scheme !== 'file') return undefined;
    return this.all().find(
      ({ configPath, result }) =>
        configPath === uri.fsPath || result?.localPaths.includes(uri.fsPath) === true,
    );
  }

  /** Stops everything in all folders, in order. */
  async close(): Promise<void> {
    await this.#end((environment) => environment.close());
  }

  /** For the end of the extension host, which may be a reload: nothing is stopped. */
  async leave(): Promise<void> {
    await this.#end((environment) => environment.leave());
  }

  async #end(how: (environment: FolderEnvironment) => Promise<void>): Promise<void> {
    const open = [...this.#byFolder.values()].map((entry) => how(entry.environment));
    await Promise.allSettled([...open, ...this.#closing]);
    this.dispose();
  }

  dispose(): void {
    for (const { links } of this.#byFolder.values()) links.dispose();
    this.#byFolder.clear();
    this.#store.dispose();
  }

  #link(environment: FolderEnvironment): Disposable {
    const links = new DisposableStore();
    const pass = <T>(emitter: Emitter<InFolder<T>>) => {
      return (event: T): void => emitter.fire({ environment, event });
    };
    links.add(environment.onDidChangeStatus(() => this.#onDidChangeStatus.fire(environment)));
    links.add(environment.onDidLoad(pass(this.#onDidLoad)));
    links.add(environment.onDidTakeModel(pass(this.#onDidTakeModel)));
    links.add(environment.onDidChange(pass(this.#onDidChange)));
    links.add(environment.onDidRun(pass(this.#onDidRun)));
    links.add(environment.onDidFail(pass(this.#onDidFail)));
    return toDisposable(() => links.dispose());
  }

  #remove(folder: vscode.WorkspaceFolder): void {
    const entry = this.#byFolder.get(folder.uri.toString());
    if (entry === undefined) return;
    this.#byFolder.delete(folder.uri.toString());
    entry.links.dispose();
    this.#onDidRemove.fire(entry.environment);
    const closed = entry.environment.close().finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }
}
