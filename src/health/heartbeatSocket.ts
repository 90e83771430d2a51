import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import * as l10n from '@vscode/l10n';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { type HeartbeatLine, maxLineBytes, parseHeartbeatLine } from './heartbeatLines.ts';

/** In the environment of a process with a heartbeat: where to send its lines. */
export const heartbeatVariable = 'DEV_ENV_SOCKET';

/** More connections at once than a program can need; then the oldest is closed. */
const maxConnections = 16;

/** What a process has said of itself. */
export interface HeartbeatSource {
  /** It has said READY=1. */
  readonly isReady: boolean;
  /** What it last said of itself; undefined before it did, and after it said nothing (STATUS=). */
  readonly statusText: string | undefined;
  /** Each line that means something, after it was taken in. */
  readonly onDidHear: Emitter<HeartbeatLine>['event'];
}

export interface HeartbeatSocketOptions {
  /** Of the Unix socket, or the name of the pipe on Windows. */
  readonly path: string;
  /** A private folder to make for it. */
  readonly folder: string | undefined;
  /** Hides secrets in what is shown. */
  readonly mask?: (text: string) => string;
}

/**
 * Listens to one run on a local socket of its own. Only this user can reach it, and what comes in
 * is bounded; what is not understood is passed over. The address is the same after a reload, so the
 * next host listens where the process already sends to.
 */
export class HeartbeatSocket implements HeartbeatSource, Disposable {
  readonly #options: HeartbeatSocketOptions;
  readonly #connections = new Set<Socket>();
  readonly #heard = new Emitter<HeartbeatLine>();
  readonly onDidHear = this.#heard.event;
  #server: Server | undefined;
  #isReady = false;
  #isDisposed = false;
  #statusText: string | undefined;

  constructor(options: HeartbeatSocketOptions) {
    this.#options = options;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get statusText(): string | undefined {
    return this.#statusText;
  }

  /** Resolves when a process can connect. @throws the system error when the path cannot be used */
  async listen(): Promise<void> {
    if (this.#isDisposed) return;
    const { path, folder } = this.#options;
    const isFile = process.platform !== 'win32';
    if (isFile) {
      if (folder !== undefined) makePrivate(folder);
      // Left by a host that was killed; one that lives does not own the run.
      rmSync(path, { force: true });
    }
    const server = createServer((socket) => this.#take(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).once('close', resolve).listen(path, resolve);
    });
    // One connection that fails is not the end of the others.
    server.on('error', () => undefined);
    if (isFile && !this.#isGone()) chmodSync(path, 0o600);
  }

  /** Closes the socket, at once: the next host may listen in the next moment. */
  dispose(): void {
    this.#isDisposed = true;
    this.#server?.close();
    for (const socket of this.#connections) socket.destroy();
    this.#heard.dispose();
  }

  // A method, since the compiler takes a property for unchanged across an await.
  #isGone(): boolean {
    return this.#isDisposed;
  }

  #take(socket: Socket): void {
    this.#connections.add(socket);
    const [oldest] = this.#connections;
    if (this.#connections.size > maxConnections) oldest?.destroy();
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#hear(line);
      if (Buffer.byteLength(rest) > maxLineBytes) socket.destroy();
    });
    // A last line needs no line feed: `printf READY=1` is an easy mistake.
    socket.on('end', () => this.#hear(rest));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#connections.delete(socket));
  }

  #hear(text: string): void {
    if (Buffer.byteLength(text) > maxLineBytes) return;
    const line = parseHeartbeatLine(text);
    if (line === undefined) return;
    if (line.kind === 'ready') this.#isReady = true;
    if (line.kind === 'status') {
      const { mask = String } = this.#options;
      this.#statusText = line.text === '' ? undefined : mask(line.text);
    }
    this.#heard.fire(line);
  }
}

/** In a temporary folder anybody could have made it before us. */
function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  if (uid === process.getuid?.() && (mode & 0o077) === 0) return;
  throw new Error(l10n.t('{0} is not private to this user', folder));
}
