import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore, toDisposable } from '../../base/disposable.ts';
import type { RunEvent } from '../../controller/snapshot.ts';
import type { Environments, InFolder, ProcessRef } from '../environments.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import { hasTimestamps } from '../settings.ts';
import { ProcessOutput } from './processOutput.ts';
import { runBorder } from './runBorders.ts';
import { lineShaper } from './shapedLine.ts';

/** The output channels of all processes, each made when its process first runs. */
export class Outputs implements Disposable {
  readonly #clock: Clock;
  readonly #store = new DisposableStore();
  readonly #channels = new Map<FolderEnvironment, Map<string, ProcessOutput>>();

  constructor(environments: Environments, clock: Clock) {
    this.#clock = clock;
    this.#store.add(environments.onDidRun((event) => this.#onRun(event)));
    this.#store.add(environments.onDidRemove((environment) => this.#forget(environment)));
    this.#store.add(
      toDisposable(() => {
        for (const environment of [...this.#channels.keys()]) this.#forget(environment);
      }),
    );
  }

  /** Reveals the channel without taking the focus. */
  show(ref: ProcessRef): void {
    this.#of(ref).show();
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Empties the channel; the log file keeps everything. */
  clear(ref: ProcessRef): void {
    this.#of(ref).clear();
  }

  #onRun({ environment, event }: InFolder<RunEvent>): void {
    const output = this.#of({ environment, name: event.name });
    const process = environment.controller?.process(event.name);
    const border = runBorder(event, process, this.#clock.now());
    if (event.kind === 'ended') void output.ended(event.run, border);
    else output.follow(event.run, event.logPath, border);
  }

  #of({ environment, name }: ProcessRef): ProcessOutput {
    let channels = this.#channels.get(environment);
    if (channels === undefined) {
      channels = new Map();
      this.#channels.set(environment, channels);
    }
    let output = channels.get(name);
    if (output === undefined) {
      const title = channelTitle(environment.folder, name);
      output = new ProcessOutput({
        title,
        clock: this.#clock,
        hasTimestamps,
        shape: lineShaper({ environment, name }),
      });
      channels.set(name, output);
    }
    return output;
  }

  #forget(environment: FolderEnvironment): void {
    for (const output of this.#channels.get(environment)?.values() ?? []) output.dispose();
    this.#channels.delete(environment);
  }
}

function channelTitle(folder: vscode.WorkspaceFolder, name: string): string {
  const isOneOfSeveral = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  return isOneOfSeveral ? `Dev Env: ${name} (${folder.name})` : `Dev Env: ${name}`;
}
