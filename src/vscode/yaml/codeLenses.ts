import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import type { ProcessSnapshot } from '../../controller/snapshot.ts';
import type { Environments, ProcessRef } from '../environments.ts';
import type { CommandId } from '../ids.ts';
import type { Overview } from '../overview.ts';
import { abilities } from '../processFacts.ts';
import { iconText } from '../tree/processIcon.ts';
import { stateWord } from '../words.ts';
import type { ConfigDocuments } from './configDocuments.ts';
import { toRange } from './ranges.ts';

/** The state of each process above its entry in the file, with what can be done with it. */
export class CodeLenses implements vscode.CodeLensProvider, Disposable {
  readonly #environments: Environments;
  readonly #documents: ConfigDocuments;
  readonly #store = new DisposableStore();
  readonly #onDidChange = this.#store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#onDidChange.event;

  constructor(environments: Environments, documents: ConfigDocuments, overview: Overview) {
    this.#environments = environments;
    this.#documents = documents;
    this.#store.add(overview.onDidChange(() => this.#onDidChange.fire()));
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const environment = this.#environments.ownerOf(document.uri);
    const index = (await this.#documents.analyse(document))?.index;
    if (environment?.controller === undefined || index === undefined) return [];
    const { controller } = environment;
    return [...index.processes].flatMap(([name, { nameRange }]) => {
      const process = controller.process(name);
      return process === undefined
        ? []
        : lenses({ environment, name }, process, toRange(nameRange));
    });
  }

  dispose(): void {
    this.#store.dispose();
  }
}

function lenses(ref: ProcessRef, process: ProcessSnapshot, range: vscode.Range): vscode.CodeLens[] {
  const can = abilities(process);
  const target = { folder: ref.environment.folder.uri.toString(), name: ref.name };
  const lens = (title: string, command: CommandId): vscode.CodeLens =>
    new vscode.CodeLens(range, { title, command, arguments: [target] });
  const state = `${iconText(process)}\u00a0${stateWord(process.state)}`;
  const found = [lens(state, 'devEnv.showLog')];
  if (can.has('isChanged'))
    found.push(lens(vscode.l10n.t('Apply change'), 'devEnv.restartProcess'));
  if (can.has('canStart')) found.push(lens(vscode.l10n.t('Start'), 'devEnv.startProcess'));
  if (can.has('canRestart')) found.push(lens(vscode.l10n.t('Restart'), 'devEnv.restartProcess'));
  if (can.has('canStop')) found.push(lens(vscode.l10n.t('Stop'), 'devEnv.stopProcess'));
  if (can.has('hasUrl') && process.state === 'running') {
    found.push(lens(vscode.l10n.t('Open URL'), 'devEnv.openUrl'));
  }
  return found;
}
