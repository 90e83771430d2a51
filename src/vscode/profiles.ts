import type * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { EnvironmentModel } from '../config/model.ts';

/** Which profiles a person has chosen for a folder; without a choice the file's own are active. */
export class Profiles implements Disposable {
  readonly #memento: vscode.Memento;
  readonly #store = new DisposableStore();
  readonly #onDidChange = this.#store.add(new Emitter<vscode.WorkspaceFolder>());
  readonly onDidChange = this.#onDidChange.event;

  /** `memento`: of the workspace. What one person works on is no business of the repository. */
  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** The model with the profiles that count. */
  apply(folder: vscode.WorkspaceFolder, model: EnvironmentModel): EnvironmentModel {
    const chosen = this.chosen(folder);
    return chosen === undefined ? model : { ...model, activeProfiles: chosen };
  }

  /** Undefined when nothing was chosen. */
  chosen(folder: vscode.WorkspaceFolder): readonly string[] | undefined {
    const value = this.#memento.get<unknown>(keyOf(folder));
    return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : undefined;
  }

  /** Undefined goes back to what the file says. */
  async choose(
    folder: vscode.WorkspaceFolder,
    profiles: readonly string[] | undefined,
  ): Promise<void> {
    await this.#memento.update(keyOf(folder), profiles);
    this.#onDidChange.fire(folder);
  }

  dispose(): void {
    this.#store.dispose();
  }
}

function keyOf(folder: vscode.WorkspaceFolder): string {
  return `profiles:${folder.uri.toString()}`;
}

/** Every profile that a process names, in the order of the file. */
export function profileNames({ processes }: EnvironmentModel): readonly string[] {
  return [...new Set(processes.flatMap(({ profiles }) => profiles))];
}
