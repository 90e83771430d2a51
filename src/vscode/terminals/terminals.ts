import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import type { Environments, ProcessRef } from '../environments.ts';
import { ProcessTerminal } from './processTerminal.ts';

/** In the memory of the workspace: the terminals that are open, by folder and process. */
const openKey = 'devEnv.openTerminals';

interface OpenTerminal {
  readonly folder: string;
  readonly name: string;
}

/** The terminal views of processes. Those that were open come back after a reload. */
export class Terminals implements Disposable {
  readonly #environments: Environments;
  readonly #clock: Clock;
  readonly #memory: vscode.Memento;
  readonly #store = new DisposableStore();
  readonly #open = new Map<vscode.Terminal, ProcessTerminal>();
  /** Of the window before this one, until their environment is there. */
  #toRestore: readonly OpenTerminal[];

  constructor(environments: Environments, clock: Clock, memory: vscode.Memento) {
    this.#environments = environments;
    this.#clock = clock;
    this.#memory = memory;
    this.#toRestore = memory.get<readonly OpenTerminal[]>(openKey, []);
    this.#store.add(vscode.window.onDidCloseTerminal((terminal) => this.#onClosed(terminal)));
    this.#store.add(environments.onDidChangeStatus(() => this.#restore()));
  }

  /** Shows the terminal of a process, made if need be. */
  show(ref: ProcessRef): void {
    const known = [...this.#open].find(([, { ref: other }]) => isSame(ref, other));
    const terminal = known?.[0] ?? this.#create(ref);
    terminal.show(false);
  }

  /** Where the program of the process runs that this terminal shows; undefined for others. */
  workdirOf(terminal: vscode.Terminal): string | undefined {
    const ref = this.#open.get(terminal)?.ref;
    return ref?.environment.controller?.process(ref.name)?.workdir;
  }

  dispose(): void {
    this.#store.dispose();
    for (const terminal of this.#open.keys()) terminal.dispose();
    this.#open.clear();
  }

  #create(ref: ProcessRef): vscode.Terminal {
    const pty = new ProcessTerminal(this.#environments, ref, this.#clock);
    const isOneOfSeveral = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
    const terminal = vscode.window.createTerminal({
      name: isOneOfSeveral ? `${ref.name} (${ref.environment.folder.name})` : ref.name,
      iconPath: new vscode.ThemeIcon('server-process'),
      pty,
    });
    this.#open.set(terminal, pty);
    this.#remember();
    return terminal;
  }

  #onClosed(terminal: vscode.Terminal): void {
    if (!this.#open.delete(terminal)) return;
    // At the end of the window they are closed too, and are to come back.
    if (terminal.exitStatus?.reason !== vscode.TerminalExitReason.Shutdown) this.#remember();
  }

  #remember(): void {
    const open = [...this.#open.values()].map(({ ref }) => asOpen(ref));
    void this.#memory.update(openKey, [...open, ...this.#toRestore]);
  }

  #restore(): void {
    if (this.#toRestore.length === 0) return;
    const back: ProcessRef[] = [];
    const waiting: OpenTerminal[] = [];
    for (const open of this.#toRestore) {
      const environment = this.#environments
        .live()
        .find(({ folder }) => folder.uri.toString() === open.folder);
      if (environment === undefined) waiting.push(open);
      else if (environment.controller?.process(open.name) !== undefined) {
        back.push({ environment, name: open.name });
      }
    }
    this.#toRestore = waiting;
    for (const ref of back) this.#create(ref);
  }
}

function isSame(a: ProcessRef, b: ProcessRef): boolean {
  return a.environment === b.environment && a.name === b.name;
}

function asOpen({ environment, name }: ProcessRef): OpenTerminal {
  return { folder: environment.folder.uri.toString(), name };
}
