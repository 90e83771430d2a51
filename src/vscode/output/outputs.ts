import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore, toDisposable } from '../../base/disposable.ts';
import type { RunEvent } from '../../controller/snapshot.ts';
import type { Environments, InFolder, ProcessRef } from '../environments.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import { hasTimestamps } from '../settings.ts';
import { lastExitText } from '../words.ts';
import { ProcessOutput } from './processOutput.ts';

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

  #onRun({ environment, event }: InFolder<RunEvent>): void {
    const output = this.#of({ environment, name: event.name });
    const process = environment.controller?.process(event.name);
    switch (event.kind) {
      case 'began':
        output.began(event.run, event.logPath, process?.startedAtMs ?? this.#clock.now());
        return;
      case 'resumed':
        output.resumed(event.run, event.logPath);
        return;
      case 'ended':
        void output.ended(event.run, process === undefined ? undefined : lastExitText(process));
    }
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
      output = new ProcessOutput({ title, clock: this.#clock, hasTimestamps });
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
