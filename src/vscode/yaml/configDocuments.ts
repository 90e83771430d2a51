import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { type LoadResult, loadConfig } from '../../config/load.ts';
import type { Environments } from '../environments.ts';

/** Where the providers of this folder are asked; each checks whether it is a file of ours. */
export const configSelector: vscode.DocumentSelector = [
  { scheme: 'file', language: 'yaml' },
  { scheme: 'file', pattern: '**/dev-env.{yaml,yml}' },
];

interface Analysis {
  readonly version: number;
  readonly result: Promise<LoadResult>;
}

/** What configuration files say as they are being edited; nothing runs by it. */
export class ConfigDocuments implements Disposable {
  readonly #environments: Environments;
  readonly #store = new DisposableStore();
  readonly #analyses = new Map<string, Analysis>();
  readonly #onDidInvalidate = this.#store.add(new Emitter<vscode.Uri>());
  /** What was found before no longer holds, though the text may be the same: an env file changed. */
  readonly onDidInvalidate = this.#onDidInvalidate.event;

  constructor(environments: Environments) {
    this.#environments = environments;
    this.#store.add(
      environments.onDidLoad(({ environment }) => {
        if (environment.configPath === undefined) return;
        const uri = vscode.Uri.file(environment.configPath);
        this.#analyses.delete(uri.toString());
        this.#onDidInvalidate.fire(uri);
      }),
    );
    this.#store.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#analyses.delete(uri.toString())),
    );
  }

  /** What the text of the document says; undefined when it is no configuration file of ours. */
  async analyse(document: vscode.TextDocument): Promise<LoadResult | undefined> {
    const environment = this.#environments.ownerOf(document.uri);
    if (environment === undefined) return undefined;
    const key = document.uri.toString();
    const known = this.#analyses.get(key);
    if (known?.version === document.version) return known.result;
    const result = loadConfig({
      text: document.getText(),
      configPath: document.uri.fsPath,
      folder: environment.folder.uri.fsPath,
      hostEnv: process.env,
    });
    this.#analyses.set(key, { version: document.version, result });
    return result;
  }

  dispose(): void {
    this.#store.dispose();
  }
}
