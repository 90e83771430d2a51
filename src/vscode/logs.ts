import type * as vscode from 'vscode';
import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import type { Environments } from './environments.ts';
import { Outputs } from './output/outputs.ts';
import { MergedLogs } from './terminals/mergedLogs.ts';
import { ProblemTasks } from './terminals/problemTasks.ts';
import { registerTerminalLinks } from './terminals/terminalLinks.ts';
import { Terminals } from './terminals/terminals.ts';

/** Everything that shows what processes say. */
export class Logs implements Disposable {
  readonly outputs: Outputs;
  readonly terminals: Terminals;
  readonly merged: MergedLogs;
  readonly #store = new DisposableStore();

  constructor(
    environments: Environments,
    clock: Clock,
    memory: vscode.Memento,
    log: vscode.LogOutputChannel,
  ) {
    this.outputs = this.#store.add(new Outputs(environments, clock));
    this.terminals = this.#store.add(new Terminals(environments, clock, memory));
    this.merged = this.#store.add(new MergedLogs(environments, clock, memory));
    this.#store.add(new ProblemTasks(environments, clock, log));
    this.#store.add(
      registerTerminalLinks(
        (terminal, line) =>
          this.terminals.workdirOf(terminal) ?? this.merged.workdirOf(terminal, line),
      ),
    );
  }

  dispose(): void {
    this.#store.dispose();
  }
}
