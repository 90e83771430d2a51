import { StringDecoder } from 'node:string_decoder';
import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import type { ProcessSnapshot } from '../../controller/snapshot.ts';
import {
  connectTerminal,
  type TerminalConnection,
} from '../../process/terminal/connectTerminal.ts';
import { FileTail } from '../../store/fileTail.ts';
import { LogTail } from '../../store/logTail.ts';
import type { Environments, ProcessRef } from '../environments.ts';
import { type FollowedLog, ProcessFollower } from '../output/processFollower.ts';
import { isJson, lineShaper } from '../output/shapedLine.ts';
import { MaskedStream } from './maskedStream.ts';
import { TerminalWriter } from './terminalWriter.ts';

/**
 * The terminal view of one process: what its log holds, with true colours, over all its runs. For an
 * interactive process what one types goes to the program; the terminal itself is held by the run,
 * so that it survives the editor.
 */
export class ProcessTerminal implements vscode.Pseudoterminal {
  readonly ref: ProcessRef;
  readonly #environments: Environments;
  readonly #clock: Clock;
  readonly #writer: TerminalWriter;
  #open: DisposableStore | undefined;
  #size: vscode.TerminalDimensions | undefined;
  #connection: { readonly socket: string; readonly link: TerminalConnection } | undefined;
  /** The run in which it was said that one cannot type. */
  #toldInRun: number | undefined;

  readonly onDidWrite: vscode.Event<string>;

  constructor(environments: Environments, ref: ProcessRef, clock: Clock) {
    this.ref = ref;
    this.#environments = environments;
    this.#clock = clock;
    this.#writer = new TerminalWriter(clock);
    this.onDidWrite = this.#writer.onDidWrite;
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    this.#size = size;
    const store = new DisposableStore();
    this.#open = store;
    const sink = {
      open: (logPath: string) => this.#follow(logPath),
      border: (words: string) => this.#writer.border(words),
    };
    store.add(new ProcessFollower(this.#environments, this.ref, sink, this.#clock));
    store.add(
      this.#environments.onDidChange(({ environment, event }) => {
        if (environment === this.ref.environment && event.names.has(this.ref.name)) this.#connect();
      }),
    );
    this.#connect();
    if (this.#process()?.run === 0) {
      this.#writer.border(vscode.l10n.t('{0} has not run yet', this.ref.name));
    }
  }

  close(): void {
    this.#open?.dispose();
    this.#connection?.link.dispose();
    this.#connection = undefined;
    this.#writer.dispose();
  }

  handleInput(text: string): void {
    const process = this.#process();
    if (process?.isInteractive === true && this.#connection !== undefined) {
      this.#connection.link.write(text);
      return;
    }
    if (process === undefined || this.#toldInRun === process.run) return;
    this.#toldInRun = process.run;
    this.#writer.border(
      process.isInteractive
        ? vscode.l10n.t('{0} is not running', this.ref.name)
        : vscode.l10n.t(
            '{0} reads no input: this only shows its output. "interactive: true" in the file makes it a terminal one can type into.',
            this.ref.name,
          ),
    );
  }

  setDimensions(size: vscode.TerminalDimensions): void {
    this.#size = size;
    this.#connection?.link.resize(size.columns, size.rows);
  }

  #process(): ProcessSnapshot | undefined {
    return this.ref.environment.controller?.process(this.ref.name);
  }

  /** To the terminal of the present run, if it has one. */
  #connect(): void {
    const socket = this.#process()?.terminalSocket;
    if (socket === this.#connection?.socket || this.#open?.isDisposed !== false) return;
    this.#connection?.link.dispose();
    this.#connection = undefined;
    if (socket === undefined) return;
    const link = connectTerminal(socket, this.#clock);
    this.#connection = { socket, link };
    this.#toldInRun = undefined;
    if (this.#size !== undefined) link.resize(this.#size.columns, this.#size.rows);
  }

  #follow(logPath: string): FollowedLog {
    return isJson(this.ref) ? this.#followLines(logPath) : this.#followText(logPath);
  }

  #followLines(path: string): FollowedLog {
    const shape = lineShaper(this.ref);
    const tail = new LogTail({
      path,
      clock: this.#clock,
      onLines: (lines) => this.#writer.lines(lines.flatMap((line) => shape(line).text.split('\n'))),
      onSkipped: (bytes) => this.#writer.skip(bytes),
    });
    return this.#ending(tail, () => tail.flush());
  }

  #followText(path: string): FollowedLog {
    let decoder = new StringDecoder('utf8');
    const masked = new MaskedStream(
      this.#clock,
      () => this.ref.environment.controller,
      (text) => this.#writer.text(text),
    );
    const tail = new FileTail({
      path,
      clock: this.#clock,
      onBytes: (bytes) => masked.push(decoder.write(bytes)),
      onGap: (bytes) => {
        decoder = new StringDecoder('utf8');
        masked.flush();
        this.#writer.skip(bytes);
      },
      onRestart: () => (decoder = new StringDecoder('utf8')),
    });
    return this.#ending(
      tail,
      () => tail.read(),
      () => masked.flush(),
      masked,
    );
  }

  #ending(
    tail: Disposable,
    read: () => Promise<unknown>,
    flush: () => void = () => undefined,
    more?: Disposable,
  ): FollowedLog {
    return {
      catchUp: read,
      flush: async () => {
        await read();
        flush();
        this.#writer.finish();
      },
      dispose: () => {
        tail.dispose();
        more?.dispose();
      },
    };
  }
}
