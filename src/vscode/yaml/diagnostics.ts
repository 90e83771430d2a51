import * as vscode from 'vscode';
import { type Disposable, DisposableStore, toDisposable } from '../../base/disposable.ts';
import type { ConfigDiagnostic } from '../../config/model.ts';
import type { Environments } from '../environments.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import { diagnosticSource } from '../ids.ts';
import { type ConfigDocuments, type DocumentResult, resultFor } from './configDocuments.ts';
import { toRange } from './ranges.ts';

/** How long after the last keystroke the text is looked at. */
const typingMs = 200;

/**
 * Puts what is wrong with configuration files into the Problems panel: of the text in the editor
 * where one is open, of the file on disk otherwise.
 */
export class Diagnostics implements Disposable {
  readonly #documents: ConfigDocuments;
  readonly #environments: Environments;
  readonly #store = new DisposableStore();
  readonly #collection = this.#store.add(vscode.languages.createDiagnosticCollection('devEnv'));
  readonly #published = new Map<FolderEnvironment, readonly string[]>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(environments: Environments, documents: ConfigDocuments) {
    this.#environments = environments;
    this.#documents = documents;
    this.#store.add(environments.onDidLoad(({ environment }) => void this.#update(environment)));
    this.#store.add(environments.onDidRemove((environment) => this.#clear(environment)));
    this.#store.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#updateSoon(document.uri)),
    );
    this.#store.add(
      vscode.workspace.onDidCloseTextDocument((document) => this.#updateSoon(document.uri)),
    );
    this.#store.add(
      toDisposable(() => {
        for (const timer of this.#timers.values()) clearTimeout(timer);
      }),
    );
  }

  dispose(): void {
    this.#store.dispose();
  }

  #updateSoon(uri: vscode.Uri): void {
    const environment = this.#environments.ownerOf(uri);
    if (environment === undefined) return;
    const key = uri.toString();
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      void this.#update(environment);
    }, typingMs);
    this.#timers.set(key, timer);
  }

  async #update(environment: FolderEnvironment): Promise<void> {
    const { configPath, result } = environment;
    if (configPath === undefined || result === undefined) {
      this.#clear(environment);
      return;
    }
    // Of the local files that there may be, the one that counts.
    const local = result.local?.path ?? result.diagnostics.find(({ file }) => file)?.file;
    const paths = local === undefined ? [configPath] : [configPath, local];
    this.#clear(environment, paths);
    this.#published.set(environment, paths);
    await Promise.all(
      paths.map((path) =>
        this.#publish(path, resultFor(result, path === local ? local : undefined)),
      ),
    );
  }

  /** What is said of a file: by its text in the editor, or else as it was found on disk. */
  async #publish(path: string, onDisk: DocumentResult): Promise<void> {
    const open = vscode.workspace.textDocuments.find(
      (document) => document.uri.fsPath === path && !document.isClosed,
    );
    const version = open?.version;
    const result = open === undefined ? onDisk : await this.#documents.analyse(open);
    // Typed on meanwhile: the next look is on its way.
    if (result === undefined || open?.version !== version || this.#store.isDisposed) return;
    this.#collection.set(vscode.Uri.file(path), result.diagnostics.map(toDiagnostic));
  }

  /** Takes away what was said of an environment, but for files that are looked at again. */
  #clear(environment: FolderEnvironment, kept: readonly string[] = []): void {
    for (const path of this.#published.get(environment) ?? []) {
      if (!kept.includes(path)) this.#collection.delete(vscode.Uri.file(path));
    }
    this.#published.delete(environment);
  }
}

function toDiagnostic(found: ConfigDiagnostic): vscode.Diagnostic {
  const severity =
    found.severity === 'error'
      ? vscode.DiagnosticSeverity.Error
      : vscode.DiagnosticSeverity.Warning;
  const diagnostic = new vscode.Diagnostic(toRange(found.range), found.message, severity);
  diagnostic.source = diagnosticSource;
  diagnostic.code = found.code;
  return diagnostic;
}
