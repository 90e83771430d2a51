import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore, toDisposable } from '../../base/disposable.ts';
import { LogTail } from '../../store/logTail.ts';
import { OutputBudget, type OutputShare } from '../../store/outputBudget.ts';
import { formatPreciseTime } from '../words.ts';
import { BatchedChannel } from './batchedChannel.ts';
import { formatBytes } from './byteWords.ts';
import type { ShapedLine } from './shapedLine.ts';

/** How long after a flood began to be cut one looks whether it is over. */
const settleMs = 250;

export interface ProcessOutputOptions {
  readonly title: string;
  readonly clock: Clock;
  readonly hasTimestamps: () => boolean;
  readonly shape: (line: string) => ShapedLine;
}

/** A run whose log is being followed. */
interface Follow {
  readonly run: number;
  readonly logPath: string;
  readonly tail: LogTail;
}

/** The output channel of one process: the log files of its runs, one after the other. */
export class ProcessOutput implements Disposable {
  readonly #options: ProcessOutputOptions;
  readonly #channel: vscode.OutputChannel;
  readonly #batch: BatchedChannel;
  readonly #budget: OutputBudget;
  readonly #store = new DisposableStore();
  #follow: Follow | undefined;
  #settleTimer: Disposable | undefined;

  constructor(options: ProcessOutputOptions) {
    this.#options = options;
    this.#channel = vscode.window.createOutputChannel(options.title);
    this.#batch = this.#store.add(new BatchedChannel(this.#channel, options.clock));
    this.#budget = new OutputBudget(options.clock.now());
    this.#store.add(
      toDisposable(() => {
        this.#follow?.tail.dispose();
        this.#settleTimer?.dispose();
      }),
    );
  }

  show(): void {
    this.#batch.flush();
    this.#channel.show(true);
  }

  clear(): void {
    this.#batch.flush();
    this.#channel.clear();
  }

  /** Follows the log of a run, from its beginning. */
  follow(run: number, logPath: string, border: string): void {
    this.#border(border);
    this.#open(run, logPath);
  }

  /** Shows the last lines of a run and how it ended; resolves when they are there. */
  async ended(run: number, border: string): Promise<void> {
    const follow = this.#follow;
    if (follow?.run !== run) return;
    await follow.tail.flush();
    follow.tail.dispose();
    if (this.#store.isDisposed) return;
    this.#show(this.#budget.finish(), follow.logPath);
    this.#border(border);
    // The next run may have begun while the last lines of this one were read.
    if (this.#follow === follow) this.#follow = undefined;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #open(run: number, logPath: string): void {
    if (this.#store.isDisposed) return;
    this.#follow?.tail.dispose();
    const tail = new LogTail({
      path: logPath,
      clock: this.#options.clock,
      onLines: (lines) => this.#show(this.#budget.take(lines, this.#options.clock.now()), logPath),
      onSkipped: (bytes) => {
        this.#budget.skip(bytes);
        this.#settleLater(logPath);
      },
    });
    this.#follow = { run, logPath, tail };
  }

  #border(words: string): void {
    this.#batch.write([`── ${words} ──`]);
  }

  #show(share: OutputShare, logPath: string): void {
    if (this.#store.isDisposed) return;
    const { leftOut } = share;
    if (leftOut !== undefined) {
      const size = formatBytes(leftOut.bytes);
      this.#border(vscode.l10n.t('{0} left out here; everything is in {1}', size, logPath));
    }
    this.#batch.write(share.lines.map((line) => this.#format(line)));
    this.#settleLater(logPath);
  }

  #format(line: string): string {
    const { plain } = this.#options.shape(line);
    return this.#options.hasTimestamps()
      ? `[${formatPreciseTime(this.#options.clock.now())}] ${plain}`
      : plain;
  }

  #settleLater(logPath: string): void {
    if (!this.#budget.isHolding || this.#store.isDisposed) return;
    this.#settleTimer ??= this.#options.clock.schedule(settleMs, () => {
      this.#settleTimer = undefined;
      this.#show(this.#budget.settle(this.#options.clock.now()), logPath);
    });
  }
}
