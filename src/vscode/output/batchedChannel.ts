import type * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';

/** Each append travels to the workbench and through a file: at most ten in a second. */
const batchMs = 100;

/** Lines on their way to an output channel, appended in batches. */
export class BatchedChannel implements Disposable {
  readonly #channel: vscode.OutputChannel;
  readonly #clock: Clock;
  #lines: string[] = [];
  #timer: Disposable | undefined;

  constructor(channel: vscode.OutputChannel, clock: Clock) {
    this.#channel = channel;
    this.#clock = clock;
  }

  write(lines: readonly string[]): void {
    if (lines.length === 0) return;
    for (const line of lines) this.#lines.push(line);
    this.#timer ??= this.#clock.schedule(batchMs, () => this.flush());
  }

  /** Appends what is held at once. */
  flush(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#lines.length === 0) return;
    const text = `${this.#lines.join('\n')}\n`;
    this.#lines = [];
    this.#channel.append(text);
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#lines = [];
    this.#channel.dispose();
  }
}
