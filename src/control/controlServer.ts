import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { DevEnvError, errorMessage, systemErrorCode } from '../base/errors.ts';
import type { ControlTarget } from './controlTarget.ts';
import { SocketFile } from './socketFile.ts';
import { streamEvents } from './streamEvents.ts';
import {
  explainSchema,
  isRead,
  linesSchema,
  maxRequestBytes,
  restartSchema,
  type Route,
  routes,
  startSchema,
  stopSchema,
} from './protocol.ts';

/** Requests that are under way when the owner lets go get this long for their answer, in ms. */
const lastAnswersMs = 1_000;
/** A pipe of Windows is gone a moment after its owner; a socket file is removed by us. */
const takenTries = 20;
const takenPauseMs = 100;

/**
 * Serves an environment to the other programs of this user. Only the holder of the environment's
 * lock may open it, so a socket that is there already is the remains of a dead one, and replaced.
 */
export class ControlServer {
  readonly #server: Server;
  readonly #target: ControlTarget;
  readonly #sockets = new Set<Socket>();
  readonly #streams = new Set<() => void>();
  /** Undefined for a pipe of Windows, and before it is there. */
  #file: SocketFile | undefined;
  #isClosing = false;

  private constructor(target: ControlTarget) {
    this.#target = target;
    this.#server = createServer((request, response) => void this.#handle(request, response));
    // A client may wait for hours: for a start that takes long, or for the next event.
    this.#server.requestTimeout = 0;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** @throws the system error when it cannot listen there. */
  static async open(target: ControlTarget, socketPath: string): Promise<ControlServer> {
    const server = new ControlServer(target);
    for (let tries = 1; ; tries += 1) {
      if (process.platform !== 'win32') await rm(socketPath, { force: true });
      try {
        await server.#listen(socketPath);
        return server;
      } catch (error) {
        if (systemErrorCode(error) !== 'EADDRINUSE' || tries === takenTries) throw error;
        await new Promise((resolve) => setTimeout(resolve, takenPauseMs));
      }
    }
  }

  /**
   * Ends the service. From this call on requests are refused, and those under way are told that the
   * owner has left; the environment itself is not touched.
   */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const end of this.#streams) end();
    const closed = new Promise<void>((resolve) => {
      const close = (): void => void this.#server.close(() => resolve());
      if (this.#file === undefined) close();
      else this.#file.endBy(close);
      this.#file = undefined;
    });
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, lastAnswersMs);
    await closed;
    clearTimeout(timer);
  }

  async #listen(socketPath: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socketPath, () => {
        if (process.platform !== 'win32') this.#file = new SocketFile(socketPath);
        this.#server.off('error', reject);
        this.#server.on('error', () => undefined);
        // It must not keep a program alive that has nothing else to do.
        this.#server.unref();
        resolve();
      });
    });
    // Its folder is nobody else's; this is for the case that somebody opens that.
    if (process.platform !== 'win32') await chmod(socketPath, 0o600);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Who does not wait for the answer does not take back the request.
    response.on('error', () => undefined);
    request.on('error', () => undefined);
    try {
      const route = routeOf(request);
      if (route === 'events' || route === 'usage') {
        this.#stream(response, route === 'usage');
        return;
      }
      const body = await readBody(request);
      if (this.#hasLeft()) throw ownerLeft();
      const answer = await this.#answer(route, body);
      if (this.#hasLeft()) throw ownerLeft();
      send(response, 200, answer);
    } catch (error) {
      const fault = error instanceof DevEnvError ? error : undefined;
      send(response, statusCode(fault), {
        code: fault?.code ?? 'internal',
        message: errorMessage(error),
      });
    }
  }

  /** A call, since it is asked again after a wait, and the compiler would remember a field. */
  #hasLeft(): boolean {
    return this.#isClosing;
  }

  #answer(route: Exclude<Route, 'events' | 'usage'>, body: unknown): Promise<unknown> {
    switch (route) {
      case 'snapshot':
        return this.#target.status();
      case 'start':
        return this.#target.start(parse(startSchema, body));
      case 'stop':
        return this.#target.stop(parse(stopSchema, body));
      case 'restart':
        return this.#target.restart(parse(restartSchema, body));
      case 'shutdown':
        return this.#target.shutdown(parse(stopSchema, body));
      case 'explain':
        return this.#target.explain(parse(explainSchema, body).name);
      case 'mask':
        return this.#mask(parse(linesSchema, body).lines);
    }
  }

  async #mask(lines: readonly string[]): Promise<{ lines: readonly string[] }> {
    return { lines: await this.#target.mask(lines) };
  }

  #stream(response: ServerResponse, withUsage: boolean): void {
    if (this.#hasLeft()) throw ownerLeft();
    const stream = streamEvents(this.#target, response, { withUsage });
    this.#streams.add(stream.end);
    response.on('close', () => this.#streams.delete(stream.end));
  }
}

function routeOf({ method, url }: IncomingMessage): Route {
  const found = Object.entries(routes).find(([, path]) => path === url);
  const expected = found !== undefined && isRead(found[0] as Route) ? 'GET' : 'POST';
  if (found === undefined || method !== expected) {
    throw new DevEnvError('bad-request', `There is no ${method ?? ''} ${url ?? ''}.`);
  }
  return found[0] as Route;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to its end all the same: who is still writing does not see an answer.
    if (bytes <= maxRequestBytes) chunks.push(chunk);
  }
  if (bytes > maxRequestBytes) throw new DevEnvError('bad-request', 'The request is too long.');
  if (bytes === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new DevEnvError('bad-request', 'The request is not JSON.', {}, error);
  }
}

function parse<T extends z.ZodMiniType>(schema: T, body: unknown): z.infer<T> {
  const { success, data, error } = schema.safeParse(body);
  if (success) return data;
  throw new DevEnvError('bad-request', z.prettifyError(error));
}

function ownerLeft(): DevEnvError {
  return new DevEnvError('owner-left', l10n.t('The environment was handed over.'));
}

function statusCode(fault: DevEnvError | undefined): number {
  switch (fault?.code) {
    case undefined:
      return 500;
    case 'owner-left':
      return 503;
    case 'unknown-process':
      return 404;
    default:
      return 400;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
