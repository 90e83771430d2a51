import type { Disposable } from '../base/disposable.ts';
import { stripAnsi } from '../store/ansi.ts';
import { LogTail } from '../store/logTail.ts';
import type { LineMask } from './lineMask.ts';
import type { Output } from './output.ts';
import type { Ink, Style } from './style.ts';

const inks: readonly Ink[] = ['cyan', 'yellow', 'green', 'magenta', 'blue'];
/** Longer names push their own lines to the right, and nobody else's. */
const maxPrefixWidth = 24;

/**
 * Writes the lines of several processes below one another, each with the name of its process and
 * without secrets. Those of one process are in order; to hide a secret may take time.
 */
export class LogView {
  readonly #output: Output;
  readonly #style: Style;
  readonly #hasColour: boolean;
  readonly #mask: LineMask;
  /** What is still to be written of each process, where that takes time. */
  readonly #pending = new Map<string, Promise<void>>();
  readonly #inks = new Map<string, Ink>();
  #width = 0;

  constructor(
    { output, style, hasColour }: { output: Output; style: Style; hasColour: boolean },
    mask: LineMask,
  ) {
    this.#mask = mask;
    this.#output = output;
    this.#style = style;
    this.#hasColour = hasColour;
  }

  /** Makes room for these names, and gives them their colours in this order. */
  expect(names: readonly string[]): void {
    for (const name of names) {
      if (this.#inks.has(name)) continue;
      this.#inks.set(name, inks[this.#inks.size % inks.length] ?? 'cyan');
      this.#width = Math.max(this.#width, Math.min(name.length, maxPrefixWidth));
    }
  }

  lines(name: string, lines: readonly string[]): void {
    const masked = this.#pending.has(name) ? undefined : this.#mask.now(lines);
    if (masked !== undefined) this.#write(name, masked);
    else this.#inTurn(name, async () => this.#write(name, await this.#mask.later(lines)));
  }

  /** What becomes of the process, as opposed to what it says. */
  news(name: string, text: string, ink: Ink = 'dim'): void {
    const write = (): void =>
      this.#output.write(`${this.prefix(name)}${this.#style(ink, `── ${text}`)}\n`);
    if (this.#pending.has(name)) this.#inTurn(name, write);
    else write();
  }

  /** Resolves when the lines so far are handed to the output: of one process, or of all. */
  async settled(name?: string): Promise<void> {
    if (name !== undefined) await this.#pending.get(name);
    else await Promise.all(this.#pending.values());
  }

  prefix(name: string): string {
    this.expect([name]);
    return this.#style(this.#inks.get(name) ?? 'cyan', `${name.padEnd(this.#width)} | `);
  }

  #write(name: string, lines: readonly string[]): void {
    const prefix = this.prefix(name);
    // The colour that a line leaves switched on must not run into the next one.
    const text = lines.map((line) =>
      this.#hasColour
        ? `${prefix}${line}${line.includes('\x1b') ? '\x1b[0m' : ''}\n`
        : `${prefix}${stripAnsi(line)}\n`,
    );
    this.#output.write(text.join(''));
  }

  /** Does it after what is pending for this process. */
  #inTurn(name: string, work: () => void | Promise<void>): void {
    const before = this.#pending.get(name) ?? Promise.resolve();
    const done = before.then(work).then(() => {
      if (this.#pending.get(name) === done) this.#pending.delete(name);
    });
    this.#pending.set(name, done);
  }
}

/** Follows the log files of the runs of several processes, each to its end. */
export class LogFollower implements Disposable {
  readonly #output: Output;
  readonly #view: LogView;
  readonly #tails = new Map<string, LogTail>();
  /** Where a log was left, so that it goes on there after another owner has taken over. */
  readonly #positions = new Map<string, number>();
  /** By log path. */
  readonly #ending = new Map<string, Promise<void>>();

  constructor(output: Output, view: LogView) {
    this.#output = output;
    this.#view = view;
  }

  /** From `offset`, or from where it was left. */
  follow(name: string, logPath: string, offset = 0): void {
    if (this.#tails.has(logPath) || this.#ending.has(logPath)) return;
    const tail = new LogTail({
      path: logPath,
      offset: this.#positions.get(logPath) ?? offset,
      maxBacklogBytes: Number.POSITIVE_INFINITY,
      drained: async () => {
        await this.#view.settled(name);
        await this.#output.drained();
      },
      onLines: (lines) => this.#view.lines(name, lines),
      onSkipped: (bytes) =>
        this.#view.news(name, `${String(bytes)} bytes are no longer in the log`),
    });
    this.#tails.set(logPath, tail);
  }

  /** Writes what is left of a run that has ended; resolves when all of it is written. */
  end(logPath: string): Promise<void> {
    const tail = this.#tails.get(logPath);
    if (tail === undefined) return this.#ending.get(logPath) ?? Promise.resolve();
    this.#tails.delete(logPath);
    const ending = this.#end(logPath, tail);
    this.#ending.set(logPath, ending);
    return ending;
  }

  /** Resolves when everything that was in the logs is written. */
  async flush(): Promise<void> {
    await Promise.all([...this.#tails.values()].map((tail) => tail.catchUp()));
    await Promise.all(this.#ending.values());
    await this.#view.settled();
  }

  dispose(): void {
    for (const tail of this.#tails.values()) tail.dispose();
    this.#tails.clear();
  }

  async #end(logPath: string, tail: LogTail): Promise<void> {
    await tail.flush();
    this.#positions.set(logPath, tail.position);
    tail.dispose();
    await this.#view.settled();
    this.#ending.delete(logPath);
  }
}
