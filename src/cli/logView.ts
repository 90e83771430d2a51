import type { Disposable } from '../base/disposable.ts';
import { secretVariablesMask } from '../controller/environmentSecrets.ts';
import { stripAnsi } from '../store/ansi.ts';
import { LogTail } from '../store/logTail.ts';
import type { Output } from './output.ts';
import type { Ink, Style } from './style.ts';

const inks: readonly Ink[] = ['cyan', 'yellow', 'green', 'magenta', 'blue'];
/** Longer names push their own lines to the right, and nobody else's. */
const maxPrefixWidth = 24;

/** Writes the lines of several processes below one another, each with the name of its process. */
export class LogView {
  readonly #output: Output;
  readonly #style: Style;
  readonly #hasColour: boolean;
  /** Hides the secrets that this program was given itself. */
  readonly #mask = secretVariablesMask(process.env);
  readonly #inks = new Map<string, Ink>();
  #width = 0;

  constructor({ output, style, hasColour }: { output: Output; style: Style; hasColour: boolean }) {
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
    const prefix = this.prefix(name);
    // The colour that a line leaves switched on must not run into the next one.
    const text = lines
      .map(this.#mask)
      .map((line) =>
        this.#hasColour
          ? `${prefix}${line}${line.includes('\x1b') ? '\x1b[0m' : ''}\n`
          : `${prefix}${stripAnsi(line)}\n`,
      );
    this.#output.write(text.join(''));
  }

  /** What becomes of the process, as opposed to what it says. */
  news(name: string, text: string, ink: Ink = 'dim'): void {
    this.#output.write(`${this.prefix(name)}${this.#style(ink, `── ${text}`)}\n`);
  }

  prefix(name: string): string {
    this.expect([name]);
    return this.#style(this.#inks.get(name) ?? 'cyan', `${name.padEnd(this.#width)} | `);
  }
}

/** Follows the log files of the runs of several processes, each to its end. */
export class LogFollower implements Disposable {
  readonly #output: Output;
  readonly #view: LogView;
  readonly #tails = new Map<string, LogTail>();
  /** Where a log was left, so that it goes on there after another owner has taken over. */
  readonly #positions = new Map<string, number>();
  readonly #ending = new Set<Promise<void>>();

  constructor(output: Output, view: LogView) {
    this.#output = output;
    this.#view = view;
  }

  /** From `offset`, or from where it was left. */
  follow(name: string, logPath: string, offset = 0): void {
    if (this.#tails.has(logPath)) return;
    const tail = new LogTail({
      path: logPath,
      offset: this.#positions.get(logPath) ?? offset,
      maxBacklogBytes: Number.POSITIVE_INFINITY,
      drained: () => this.#output.drained(),
      onLines: (lines) => this.#view.lines(name, lines),
      onSkipped: (bytes) =>
        this.#view.news(name, `${String(bytes)} bytes are no longer in the log`),
    });
    this.#tails.set(logPath, tail);
  }

  /** Writes what is left of a run that has ended; resolves when all of it is written. */
  end(logPath: string): Promise<void> {
    const tail = this.#tails.get(logPath);
    if (tail === undefined) return Promise.resolve();
    this.#tails.delete(logPath);
    const ending = tail.flush().then(() => {
      this.#positions.set(logPath, tail.position);
      tail.dispose();
      this.#ending.delete(ending);
    });
    this.#ending.add(ending);
    return ending;
  }

  /** Resolves when everything that was in the logs is written. */
  async flush(): Promise<void> {
    await Promise.all([...this.#tails.values()].map((tail) => tail.catchUp()));
    await Promise.all(this.#ending);
  }

  dispose(): void {
    for (const tail of this.#tails.values()) tail.dispose();
    this.#tails.clear();
  }
}
