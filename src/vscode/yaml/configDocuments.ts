import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { EMPTY_INDEX } from '../../config/configIndex.ts';
import { type LoadResult, loadConfig, maxConfigBytes } from '../../config/load.ts';
import { readTextUpTo } from '../../config/locateConfig.ts';
import type { Environments } from '../environments.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';

/** Where the providers of this folder are asked; each checks whether it is a file of ours. */
export const configSelector: vscode.DocumentSelector = [
  { scheme: 'file', language: 'yaml' },
  { scheme: 'file', pattern: '**/dev-env.{yaml,yml,local.yaml,local.yml}' },
];

/** What a text says, as far as it concerns the document that it is of. */
export type DocumentResult = Pick<LoadResult, 'diagnostics' | 'index' | 'processNames'>;

interface Analysis {
  readonly version: number;
  readonly result: Promise<DocumentResult>;
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
        const paths = [environment.configPath, ...(environment.result?.localPaths ?? [])];
        for (const path of paths) {
          const uri = vscode.Uri.file(path);
          if (this.#analyses.delete(uri.toString())) this.#onDidInvalidate.fire(uri);
        }
      }),
    );
    this.#store.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#analyses.delete(uri.toString())),
    );
  }

  /** What the text of the document says; undefined when it is no configuration file of ours. */
  async analyse(document: vscode.TextDocument): Promise<DocumentResult | undefined> {
    const environment = this.#environments.ownerOf(document.uri);
    if (environment === undefined) return undefined;
    const key = document.uri.toString();
    const known = this.#analyses.get(key);
    if (known?.version === document.version) return known.result;
    const result = analyse(document, environment);
    this.#analyses.set(key, { version: document.version, result });
    return result;
  }

  dispose(): void {
    this.#store.dispose();
  }
}

/** The document is the main file, or the local one that is laid over it. */
async function analyse(
  document: vscode.TextDocument,
  environment: FolderEnvironment,
): Promise<DocumentResult> {
  const path = document.uri.fsPath;
  const text = document.getText();
  const { configPath = path } = environment;
  const isLocal = path !== configPath;
  const result = await loadConfig({
    text: isLocal ? await textOf(configPath) : text,
    ...(isLocal ? { local: { path, text } } : {}),
    configPath,
    folder: environment.folder.uri.fsPath,
    hostEnv: process.env,
    assignPort: standInPorts(environment),
  });
  return resultFor(result, isLocal ? path : undefined);
}

/** The part of a result that is of the local file at `localPath`, or else of the main one. */
export function resultFor(result: LoadResult, localPath: string | undefined): DocumentResult {
  const index = localPath === undefined ? result.index : result.local?.index;
  return {
    diagnostics: result.diagnostics.filter(({ file }) => file === localPath),
    index: index ?? EMPTY_INDEX,
    processNames: result.processNames,
  };
}

/** For `port: auto`: what it has, or else any port; nothing is started by it. */
function standInPorts({ controller }: FolderEnvironment): (name: string) => Promise<number> {
  let next = 65_535;
  return (name) => Promise.resolve(controller?.process(name)?.port ?? next--);
}

/** As it is in the editor, or on disk. */
async function textOf(path: string): Promise<string> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === path);
  return open?.getText() ?? readTextUpTo(path, maxConfigBytes + 1).catch(() => '');
}
