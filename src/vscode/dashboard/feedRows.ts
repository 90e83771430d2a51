import type { ProcessSnapshot, StateName } from '../../controller/snapshot.ts';
import type { DashboardRow } from '../../webview/messages.ts';
import type { ProcessRef } from '../environments.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import { rowId } from './rowId.ts';

/** The state of another process of the same environment; undefined when there is none. */
export type StateOf = (name: string) => StateName | undefined;

/** Puts a process in the words of the editor. */
export type MakeRow = (
  environment: FolderEnvironment,
  process: ProcessSnapshot,
  stateOf: StateOf,
) => DashboardRow;

/** What one page was told of each process, to tell it only what is new. */
export class FeedRows {
  readonly #makeRow: MakeRow;
  /** Processes by the ids that the page knows; it can name no others. */
  readonly #refs = new Map<string, ProcessRef>();
  readonly #told = new Map<string, string>();
  readonly #changed = new Map<string, ProcessRef>();

  constructor(makeRow: MakeRow) {
    this.#makeRow = makeRow;
  }

  find(id: string): ProcessRef | undefined {
    return this.#refs.get(id);
  }

  /** With those that need it: what they wait for is part of what is shown of them. */
  change(environment: FolderEnvironment, name: string): void {
    this.#changed.set(rowId(environment, name), { environment, name });
    for (const dependent of environment.controller?.process(name)?.dependents ?? []) {
      this.#changed.set(rowId(environment, dependent), { environment, name: dependent });
    }
  }

  hasChanged(id: string): boolean {
    return this.#changed.has(id);
  }

  /** All rows of these environments; from now on only what is new. */
  all(environments: readonly FolderEnvironment[]): DashboardRow[] {
    this.#changed.clear();
    this.#refs.clear();
    this.#told.clear();
    return environments.flatMap((environment) => {
      const processes = environment.controller?.processes() ?? [];
      const states = new Map(processes.map(({ name, state }) => [name, state]));
      return processes.map((process) => {
        const row = this.#makeRow(environment, process, (name) => states.get(name));
        this.#refs.set(row.id, { environment, name: process.name });
        this.#told.set(row.id, JSON.stringify(row));
        return row;
      });
    });
  }

  /** Those that are shown otherwise than when they were last told. */
  fresh(): DashboardRow[] {
    const rows: DashboardRow[] = [];
    const stateOf = rememberStates();
    for (const [id, { environment, name }] of this.#changed) {
      const process = environment.controller?.process(name);
      if (process === undefined) continue;
      const row = this.#makeRow(environment, process, (other) => stateOf(environment, other));
      const text = JSON.stringify(row);
      if (this.#told.get(id) === text) continue;
      this.#told.set(id, text);
      rows.push(row);
    }
    this.#changed.clear();
    return rows;
  }
}

/** Each state is asked for once: what a thousand need would be looked at a thousand times. */
function rememberStates(): (environment: FolderEnvironment, name: string) => StateName | undefined {
  const known = new Map<string, StateName | undefined>();
  return (environment, name) => {
    const id = rowId(environment, name);
    if (!known.has(id)) known.set(id, environment.controller?.process(name)?.state);
    return known.get(id);
  };
}
