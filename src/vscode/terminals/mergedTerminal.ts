import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { LogTail } from '../../store/logTail.ts';
import type { Environments, ProcessRef } from '../environments.ts';
import { type FollowedLog, ProcessFollower } from '../output/processFollower.ts';
import { lineShaper, type ShapedLine } from '../output/shapedLine.ts';
import { hasTimestamps } from '../settings.ts';
import { formatPreciseTime } from '../words.ts';
import {
  isShown,
  type LogEnd,
  mergeByTime,
  type MergedFilter,
  type MergedLine,
  MergedLines,
  noFilter,
} from './mergedLines.ts';
import { asRemembered, sourceKey } from './rememberedViews.ts';
import { TerminalWriter } from './terminalWriter.ts';

/** Of each log, this much is shown in the beginning. */
const firstBytes = 64 * 1024;
const firstLines = 200;

/** Colours of the theme, told apart in dark and light; red is left to errors. */
const colours = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];
const maxNameWidth = 20;

/** One process in the view. */
interface Source {
  readonly key: string;
  readonly ref: ProcessRef;
  /** `api     │ `, in the colour of the process. */
  readonly label: string;
  readonly follower: ProcessFollower;
  /** Lines that came before all logs were read, to be put in order. */
  first: ShapedLine[] | undefined;
}

/** The logs of several processes in one terminal, in time order, each line with its process. */
export class MergedTerminal implements vscode.Pseudoterminal {
  readonly refs: readonly ProcessRef[];
  readonly #environments: Environments;
  readonly #clock: Clock;
  readonly #writer: TerminalWriter;
  readonly #store = new DisposableStore();
  readonly #lines = new MergedLines();
  readonly #onDidChangeName = this.#store.add(new vscode.EventEmitter<string>());
  readonly #onDidInput = this.#store.add(new vscode.EventEmitter<string>());
  #sources = new Map<string, Source>();
  #filter: MergedFilter;

  readonly onDidWrite: vscode.Event<string>;
  readonly onDidChangeName = this.#onDidChangeName.event;
  /** Keys that were pressed. */
  readonly onDidInput = this.#onDidInput.event;

  constructor(
    environments: Environments,
    refs: readonly ProcessRef[],
    clock: Clock,
    filter: MergedFilter = noFilter,
  ) {
    this.refs = refs;
    this.#filter = filter;
    this.#environments = environments;
    this.#clock = clock;
    this.#writer = this.#store.add(new TerminalWriter(clock));
    this.onDidWrite = this.#writer.onDidWrite;
  }

  get filter(): MergedFilter {
    return this.#filter;
  }

  /** With what is filtered for. */
  get name(): string {
    const words = this.#filterWords();
    const name = vscode.l10n.t('Merged Log');
    return words === '' ? name : `${name} · ${words}`;
  }

  open(): void {
    this.#writer.border(
      vscode.l10n.t(
        '{0} processes · press / to filter by text, l by level, p by process, c to clear',
        this.refs.length,
      ),
    );
    this.#tellFilter();
    const hasSeveral = new Set(this.refs.map(({ environment }) => environment)).size > 1;
    const names = this.refs.map((ref) =>
      hasSeveral ? `${ref.environment.folder.name}/${ref.name}` : ref.name,
    );
    const width = Math.min(maxNameWidth, Math.max(...names.map((name) => name.length), 0));
    for (const [index, ref] of this.refs.entries()) {
      const name = (names[index] ?? ref.name).slice(-maxNameWidth).padEnd(width);
      const colour = colours[index % colours.length] ?? 36;
      this.#add(ref, `\u001b[${String(colour)}m${name} │\u001b[0m `);
    }
    void this.#showFirst();
  }

  close(): void {
    this.#store.dispose();
    for (const { follower } of this.#sources.values()) follower.dispose();
  }

  handleInput(text: string): void {
    if (text === 'c') this.clear();
    else this.#onDidInput.fire(text);
  }

  /** Shows again what is kept, as far as the filter lets it. */
  setFilter(filter: MergedFilter): void {
    this.#filter = filter;
    this.#writer.clear();
    this.#tellFilter();
    this.#writer.lines(this.#lines.all.flatMap((line) => this.#rendered(line)));
    this.#writer.finish();
    this.#onDidChangeName.fire(this.name);
  }

  clear(): void {
    this.#lines.clear();
    this.#writer.clear();
  }

  keyOf(ref: ProcessRef): string {
    return sourceKey(asRemembered(ref));
  }

  /** Where the program runs whose line this is. */
  workdirOf(line: string): string | undefined {
    const name = line.split('│', 1)[0]?.trim().split('/').at(-1);
    const ref = this.refs.find((each) => each.name === name);
    return ref?.environment.controller?.process(ref.name)?.workdir;
  }

  #add(ref: ProcessRef, label: string): void {
    const key = this.keyOf(ref);
    const follower = new ProcessFollower(
      this.#environments,
      ref,
      {
        open: (logPath) => this.#follow(key, logPath),
        border: (words) => this.#border(key, words),
      },
      this.#clock,
    );
    this.#sources.set(key, { key, ref, label, follower, first: [] });
  }

  async #showFirst(): Promise<void> {
    const sources = [...this.#sources.values()];
    await Promise.all(sources.map(({ follower }) => follower.settled()));
    if (this.#store.isDisposed) return;
    const ends = sources.map(({ key, ref, first = [] }): LogEnd => {
      const startedAtMs = ref.environment.controller?.process(ref.name)?.startedAtMs ?? 0;
      return { source: key, startedAtMs, lines: first.slice(-firstLines) };
    });
    for (const source of sources) source.first = undefined;
    const lines = mergeByTime(ends).flatMap(({ source, line }) =>
      this.#rendered(this.#lines.add(source, line)),
    );
    this.#writer.lines(lines);
    this.#writer.finish();
  }

  #follow(key: string, path: string): FollowedLog {
    const source = this.#sources.get(key);
    const shape = source === undefined ? undefined : lineShaper(source.ref);
    const tail = new LogTail({
      path,
      clock: this.#clock,
      maxBacklogBytes: firstBytes,
      onLines: (lines) => this.#take(key, shape === undefined ? [] : lines.map(shape)),
      onSkipped: (bytes) => {
        if (this.#sources.get(key)?.first === undefined) this.#writer.skip(bytes);
      },
    });
    return tail;
  }

  #take(key: string, lines: readonly ShapedLine[]): void {
    const source = this.#sources.get(key);
    if (source === undefined) return;
    if (source.first !== undefined) {
      source.first = [...source.first, ...lines].slice(-firstLines);
      return;
    }
    this.#writer.lines(lines.flatMap((line) => this.#rendered(this.#lines.add(key, line))));
  }

  #border(key: string, words: string): void {
    const plain = `── ${words} ──`;
    this.#take(key, [
      { text: `\u001b[2m${plain}\u001b[0m`, plain, level: undefined, timeMs: undefined },
    ]);
  }

  #rendered(line: MergedLine): string[] {
    if (!isShown(line, this.#filter)) return [];
    const label = this.#sources.get(line.source)?.label ?? '';
    const time = hasTimestamps()
      ? `\u001b[2m${formatPreciseTime(this.#clock.now())}\u001b[0m `
      : '';
    // A colour that a line does not end must not run into the next one.
    return line.text.split('\n').map((part) => `${time}${label}${part}\u001b[0m`);
  }

  #tellFilter(): void {
    const words = this.#filterWords();
    if (words !== '') this.#writer.border(vscode.l10n.t('only {0}', words));
  }

  #filterWords(): string {
    const { sources, level, text } = this.#filter;
    const shown = this.refs.filter((ref) => sources?.has(this.keyOf(ref)) === true);
    const words = [
      sources === undefined ? undefined : shown.map(({ name }) => name).join(', '),
      level,
      text === undefined ? undefined : `"${text}"`,
    ];
    return words.filter((word) => word !== undefined).join(' · ');
  }
}
