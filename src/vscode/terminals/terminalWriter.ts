import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { OutputBudget, type OutputShare } from '../../store/outputBudget.ts';
import { formatBytes } from '../output/byteWords.ts';

/** A terminal takes more than an output channel, which lays out every line it has ever had. */
const limits = { bytesPerSecond: 1_000_000, burstBytes: 2_000_000, lastLines: 100 };

/** How long after a flood began to be cut one looks whether it is over. */
const settleMs = 250;

const dim = '\u001b[2m';
const plain = '\u001b[0m';
/**
 * What a program may have left behind: another screen, a hidden cursor, mouse and paste modes. Not
 * 1049, which also takes the cursor back to where it was last saved: to the top, over what is there.
 */
const leaveModes =
  '\u001b[?1047l\u001b[?25h\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?2004l\u001b[0m';
const clearAll = '\u001b[2J\u001b[3J\u001b[H';

/** Writes text of programs and words of ours to a pseudo-terminal, and never more than it can take. */
export class TerminalWriter implements Disposable {
  readonly #clock: Clock;
  readonly #store = new DisposableStore();
  readonly #onDidWrite = this.#store.add(new vscode.EventEmitter<string>());
  #budget: OutputBudget;
  #settleTimer: Disposable | undefined;
  #isAtLineStart = true;

  readonly onDidWrite = this.#onDidWrite.event;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#budget = new OutputBudget(clock.now(), limits);
  }

  /** Text as a program writes it, lines and parts of lines. */
  text(text: string): void {
    const end = text.lastIndexOf('\n');
    if (end !== -1) {
      const lines = text.slice(0, end).split('\n');
      this.lines(lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)));
    }
    const rest = text.slice(end + 1);
    // In a flood the beginning of a line would stand without its end.
    if (rest !== '' && !this.#budget.isHolding) this.#write(rest, false);
  }

  lines(lines: readonly string[]): void {
    this.#show(this.#budget.take(lines, this.#clock.now()));
  }

  /** That much of the output is not even read. */
  skip(bytes: number): void {
    this.#budget.skip(bytes);
    this.#settleLater();
  }

  /** What was held back is shown now. */
  finish(): void {
    this.#show(this.#budget.finish());
  }

  /** Words of ours on a line of their own. */
  border(words: string): void {
    this.#write(
      `${leaveModes}${this.#isAtLineStart ? '' : '\r\n'}${dim}── ${words} ──${plain}\r\n`,
      true,
    );
  }

  clear(): void {
    this.#budget = new OutputBudget(this.#clock.now(), limits);
    this.#write(clearAll, true);
  }

  dispose(): void {
    this.#settleTimer?.dispose();
    this.#store.dispose();
  }

  #show({ leftOut, lines }: OutputShare): void {
    if (leftOut !== undefined) {
      this.border(vscode.l10n.t('{0} left out here', formatBytes(leftOut.bytes)));
    }
    if (lines.length > 0) this.#write(`${lines.join('\r\n')}\r\n`, true);
    this.#settleLater();
  }

  #write(text: string, endsLine: boolean): void {
    if (this.#store.isDisposed) return;
    this.#isAtLineStart = endsLine;
    this.#onDidWrite.fire(text);
  }

  #settleLater(): void {
    if (!this.#budget.isHolding || this.#store.isDisposed) return;
    this.#settleTimer ??= this.#clock.schedule(settleMs, () => {
      this.#settleTimer = undefined;
      this.#show(this.#budget.settle(this.#clock.now()));
    });
  }
}
