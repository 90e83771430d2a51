import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { errorMessage } from '../../base/errors.ts';
import type { ProcessSnapshot, RunEvent } from '../../controller/snapshot.ts';
import { LogTail } from '../../store/logTail.ts';
import type { Environments, InFolder, ProcessRef } from '../environments.ts';
import { lineShaper } from '../output/shapedLine.ts';
import { type KnownMatcher, knownMatchers, sortMatchers } from './knownMatchers.ts';
import { TerminalWriter } from './terminalWriter.ts';

/**
 * Lets the problem matchers that a process names read its output. Only tasks of the editor have
 * problem matchers, so each run of such a process has a task that runs nothing: it is given the
 * lines of the log, in a terminal that nobody sees, and ends with the run.
 */
export class ProblemTasks implements Disposable {
  readonly #clock: Clock;
  readonly #log: vscode.LogOutputChannel;
  readonly #store = new DisposableStore();
  readonly #feeds = new Map<string, LineFeed>();
  readonly #told = new Set<string>();

  constructor(environments: Environments, clock: Clock, log: vscode.LogOutputChannel) {
    this.#clock = clock;
    this.#log = log;
    this.#store.add(environments.onDidRun((event) => void this.#onRun(event)));
  }

  dispose(): void {
    this.#store.dispose();
    for (const feed of this.#feeds.values()) feed.close();
    this.#feeds.clear();
  }

  async #onRun({ environment, event }: InFolder<RunEvent>): Promise<void> {
    const ref = { environment, name: event.name };
    const key = `${environment.folder.uri.toString()} ${event.name}`;
    const before = this.#feeds.get(key);
    if (event.kind === 'ended') {
      if (before?.run !== event.run) return;
      this.#feeds.delete(key);
      await before.end();
      return;
    }
    const process = environment.controller?.process(event.name);
    if (process === undefined || process.problemMatchers.length === 0) return;
    const matchers = this.#matchers(process);
    if (matchers.length === 0) return;
    const feed = new LineFeed(ref, event, this.#clock);
    this.#feeds.set(key, feed);
    await before?.end();
    try {
      await vscode.tasks.executeTask(taskOf(ref, matchers, feed));
    } catch (error) {
      this.#log.warn(errorMessage(error));
      feed.close();
    }
  }

  #matchers({ name, problemMatchers }: ProcessSnapshot): readonly KnownMatcher[] {
    const manifests = vscode.extensions.all.map(({ packageJSON }): unknown => packageJSON);
    const { found, missing } = sortMatchers(problemMatchers, knownMatchers(manifests));
    for (const matcher of missing) {
      if (this.#told.has(matcher)) continue;
      this.#told.add(matcher);
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          'No extension brings the problem matcher {0}, which {1} names.',
          matcher,
          name,
        ),
      );
    }
    return found;
  }
}

function taskOf(
  { environment, name }: ProcessRef,
  matchers: readonly KnownMatcher[],
  feed: LineFeed,
): vscode.Task {
  const task = new vscode.Task(
    { type: 'devEnv', process: name },
    environment.folder,
    name,
    'Dev Env',
    new vscode.CustomExecution(() => Promise.resolve(feed)),
    matchers.map((matcher) => matcher.name),
  );
  // The editor complains of a background task none of whose matchers knows its passes.
  task.isBackground = matchers.some((matcher) => matcher.isWatching);
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Never,
    panel: vscode.TaskPanelKind.Dedicated,
    focus: false,
    echo: false,
    showReuseMessage: false,
    clear: true,
    close: true,
  };
  return task;
}

/** The lines of one run, as the terminal of a task. */
class LineFeed implements vscode.Pseudoterminal {
  readonly run: number;
  readonly #ref: ProcessRef;
  readonly #logPath: string;
  readonly #clock: Clock;
  readonly #writer: TerminalWriter;
  readonly #onDidClose = new vscode.EventEmitter<number>();
  #tail: LogTail | undefined;
  #isOver = false;
  #opened: (() => void) | undefined;
  readonly #whenOpen = new Promise<void>((resolve) => (this.#opened = resolve));

  readonly onDidWrite: vscode.Event<string>;
  readonly onDidClose = this.#onDidClose.event;

  constructor(ref: ProcessRef, { run, logPath }: RunEvent, clock: Clock) {
    this.run = run;
    this.#ref = ref;
    this.#logPath = logPath;
    this.#clock = clock;
    this.#writer = new TerminalWriter(clock);
    this.onDidWrite = this.#writer.onDidWrite;
  }

  open(): void {
    if (!this.#isOver) {
      const shape = lineShaper(this.#ref);
      this.#tail = new LogTail({
        path: this.#logPath,
        clock: this.#clock,
        onLines: (lines) => this.#writer.lines(lines.map((line) => shape(line).text)),
        onSkipped: (bytes) => this.#writer.skip(bytes),
      });
    }
    this.#opened?.();
  }

  /** Gives the last lines and ends the task. */
  async end(): Promise<void> {
    await this.#whenOpen;
    await this.#tail?.flush();
    this.#writer.finish();
    this.#tail?.dispose();
    this.#onDidClose.fire(0);
  }

  close(): void {
    this.#isOver = true;
    this.#opened?.();
    this.#tail?.dispose();
    this.#writer.dispose();
  }
}
