import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { SecretSource } from '../../controller/secretSource.ts';
import { SharedQuestions } from './sharedQuestions.ts';

/** Asks a person for the value of a secret; undefined when they do not give it. */
export type AskForSecret = (
  name: string,
  folder: vscode.WorkspaceFolder,
  signal: AbortSignal,
) => Promise<string | undefined>;

/** The secrets of all folders, in the editor's own store. Values go from there to starts only. */
export class Secrets implements Disposable {
  readonly #storage: vscode.SecretStorage;
  readonly #ask: AskForSecret;
  readonly #questions = new SharedQuestions();
  readonly #onDidChange = new Emitter<string>();
  readonly #subscription: Disposable;

  constructor(storage: vscode.SecretStorage, ask: AskForSecret = askForSecret) {
    this.#storage = storage;
    this.#ask = ask;
    this.#subscription = storage.onDidChange(({ key }) => this.#onDidChange.fire(key));
  }

  /** Those of one folder: what a process needs and is not there is asked for, once. */
  of(folder: vscode.WorkspaceFolder): SecretSource {
    return {
      get: (names, signal) => this.#get(folder, names, signal),
      known: (names) => this.#known(folder, names),
      onDidChange: (listener) =>
        this.#onDidChange.event((key) => {
          if (key.startsWith(prefixOf(folder))) listener();
        }),
    };
  }

  /** Asks for a value and keeps it in place of the one before. False when none was given. */
  async change(folder: vscode.WorkspaceFolder, name: string): Promise<boolean> {
    return (await this.#askAndKeep(folder, name, new AbortController().signal)) !== undefined;
  }

  async remove(folder: vscode.WorkspaceFolder, name: string): Promise<void> {
    await this.#storage.delete(keyOf(folder, name));
  }

  async has(folder: vscode.WorkspaceFolder, name: string): Promise<boolean> {
    return (await this.#storage.get(keyOf(folder, name))) !== undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#onDidChange.dispose();
  }

  async #get(
    folder: vscode.WorkspaceFolder,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    const values = new Map<string, string>();
    for (const name of names) {
      const kept = await this.#storage.get(keyOf(folder, name));
      const value = kept ?? (await this.#askAndKeep(folder, name, signal));
      // The start fails for this one; to ask for the others would be for nothing.
      if (value === undefined) break;
      values.set(name, value);
    }
    return values;
  }

  async #known(
    folder: vscode.WorkspaceFolder,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const found = await Promise.all(
      names.map(async (name) => [name, await this.#storage.get(keyOf(folder, name))] as const),
    );
    return new Map(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  #askAndKeep(
    folder: vscode.WorkspaceFolder,
    name: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const key = keyOf(folder, name);
    const ask = async (ending: AbortSignal): Promise<string | undefined> => {
      const value = await this.#ask(name, folder, ending);
      if (value !== undefined) await this.#storage.store(key, value);
      return value;
    };
    return this.#questions.ask(key, ask, signal);
  }
}

function prefixOf(folder: vscode.WorkspaceFolder): string {
  return `secret ${folder.uri.toString()} `;
}

/** A URI has no spaces, so no two folders and names have the same key. */
function keyOf(folder: vscode.WorkspaceFolder, name: string): string {
  return prefixOf(folder) + name;
}

/** A masked box, which stays while the person looks the value up elsewhere. */
async function askForSecret(
  name: string,
  folder: vscode.WorkspaceFolder,
  signal: AbortSignal,
): Promise<string | undefined> {
  const source = new vscode.CancellationTokenSource();
  const end = (): void => source.cancel();
  signal.addEventListener('abort', end, { once: true });
  try {
    return await vscode.window.showInputBox(
      {
        title: vscode.l10n.t('Secret {0} of {1}', name, folder.name),
        prompt: vscode.l10n.t('It is kept in the secret store of the editor, not in a file.'),
        password: true,
        ignoreFocusOut: true,
        validateInput: (value) =>
          value === '' ? vscode.l10n.t('A secret has a value.') : undefined,
      },
      source.token,
    );
  } finally {
    signal.removeEventListener('abort', end);
    source.dispose();
  }
}
