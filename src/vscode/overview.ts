import * as vscode from 'vscode';
import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { ContextKeys } from './contextKeys.ts';
import type { Environments, ProcessRow } from './environments.ts';
import { Gathering } from './gathering.ts';
import { abilities, count, type Counts } from './processFacts.ts';

/** What the window as a whole has to say; the welcome contents hang on it. */
export type OverallStatus = 'loading' | 'noFolder' | 'noFile' | 'untrusted' | 'invalid' | 'ready';

/** All environments in one look. */
export interface Summary {
  readonly status: OverallStatus;
  /** Every process, in the order of the tree. */
  readonly rows: readonly ProcessRow[];
  readonly counts: Counts;
  /** Names of files with errors while an environment from their last good version is there. */
  readonly brokenFiles: readonly string[];
  /** Who else runs environments of this window. */
  readonly owners: readonly string[];
  /** Names of processes that run with something else than the file says. */
  readonly changedNames: readonly string[];
}

/** Changes are summed up together. */
const sumTimes = { firstMs: 20, everyMs: 100 };

/** Keeps a summary of all environments, and the context keys that follow from it. */
export class Overview implements Disposable {
  readonly #environments: Environments;
  readonly #contextKeys: ContextKeys;
  readonly #store = new DisposableStore();
  readonly #summing: Gathering;
  #summary: Summary;

  readonly #onDidChange = this.#store.add(new Emitter<Summary>());
  readonly onDidChange = this.#onDidChange.event;

  constructor(environments: Environments, contextKeys: ContextKeys, clock: Clock) {
    this.#environments = environments;
    this.#contextKeys = contextKeys;
    this.#summing = this.#store.add(new Gathering(clock, sumTimes, () => this.#update()));
    this.#store.add(environments.onDidChange(() => this.#summing.wish()));
    this.#store.add(environments.onDidChangeStatus(() => this.#summing.wish()));
    this.#summary = this.#sumUp();
    this.#publish();
  }

  get summary(): Summary {
    return this.#summary;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #update(): void {
    this.#summary = this.#sumUp();
    this.#publish();
    this.#onDidChange.fire(this.#summary);
  }

  #sumUp(): Summary {
    const rows = this.#environments.processes();
    const processes = rows.map(({ process }) => process);
    return {
      status: this.#status(),
      rows,
      counts: count(processes),
      brokenFiles: this.#environments
        .live()
        .filter((environment) => environment.status === 'invalid')
        .map((environment) => vscode.workspace.asRelativePath(environment.configPath ?? '')),
      owners: [...new Set(this.#environments.live().flatMap(({ owner }) => owner ?? []))],
      changedNames: processes
        .filter((process) => abilities(process).has('isChanged'))
        .map((process) => process.name),
    };
  }

  #status(): OverallStatus {
    if ((vscode.workspace.workspaceFolders ?? []).length === 0) return 'noFolder';
    const all = this.#environments.all();
    if (all.some((environment) => environment.controller !== undefined)) return 'ready';
    const statuses = new Set(all.map((environment) => environment.status));
    if (statuses.has('loading')) return 'loading';
    const hasFile = statuses.has('ready') || statuses.has('invalid');
    if (hasFile && !vscode.workspace.isTrusted) return 'untrusted';
    return statuses.has('invalid') ? 'invalid' : 'noFile';
  }

  #publish(): void {
    const { status, counts, rows } = this.#summary;
    const can = new Set(rows.flatMap(({ process }) => [...abilities(process)]));
    this.#contextKeys.set({
      'devEnv.status': status,
      'devEnv.hasEnvironment': this.#environments.live().length > 0,
      'devEnv.hasConfigFile': this.#environments
        .all()
        .some((environment) => environment.status === 'ready' || environment.status === 'invalid'),
      'devEnv.canStart': can.has('canStart'),
      'devEnv.canStop': can.has('canStop'),
      'devEnv.hasLogs': can.has('hasLog'),
      'devEnv.hasUrls': can.has('hasUrl'),
      'devEnv.hasPendingChanges': counts.changed > 0,
      'devEnv.hasGroups': rows.some(({ process }) => process.groups.length > 0),
      'devEnv.hasProfiles': rows.some(({ process }) => process.profiles.length > 0),
      'devEnv.hasFailed': counts.failed > 0,
      'devEnv.isOwnedElsewhere': this.#summary.owners.length > 0,
    });
  }
}
