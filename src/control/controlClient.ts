import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import * as l10n from '@vscode/l10n';
import type * as z from 'zod/mini';
import { type Disposable, toDisposable } from '../base/disposable.ts';
import { DevEnvError, type ErrorCode, errorMessage } from '../base/errors.ts';
import type { OperationResult } from '../controller/snapshot.ts';
import type { ControlTarget, FollowOptions } from './controlTarget.ts';
import { EventStreamParser } from './eventStream.ts';
import { maskPieces } from './maskPieces.ts';
import {
  type ControlEvent,
  type EnvironmentStatus,
  eventSchema,
  type Explanation,
  explanationSchema,
  faultSchema,
  isRead,
  linesSchema,
  resultSchema,
  type RestartRequest,
  type Route,
  routes,
  type StartRequest,
  statusSchema,
  type StopRequest,
} from './protocol.ts';

/**
 * The environment that another program owns, over its socket. Calls reject with the DevEnvError
 * of the owner; with `owner-left` when it lets go meanwhile, or ends in whatever way; and with
 * `owner-unreachable` when nobody listens.
 */
export class ControlClient implements ControlTarget {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  status(): Promise<EnvironmentStatus> {
    return this.#call('snapshot', statusSchema);
  }

  start(request: StartRequest = {}): Promise<OperationResult> {
    return this.#call('start', resultSchema, request);
  }

  stop(request: StopRequest = {}): Promise<OperationResult> {
    return this.#call('stop', resultSchema, request);
  }

  restart(request: RestartRequest = {}): Promise<OperationResult> {
    return this.#call('restart', resultSchema, request);
  }

  explain(name: string): Promise<Explanation> {
    return this.#call('explain', explanationSchema, { name });
  }

  /** In pieces; a line that is too long for the socket is hidden as a whole. */
  async mask(lines: readonly string[]): Promise<readonly string[]> {
    const masked: string[] = [];
    for (const piece of maskPieces(lines)) {
      const answer = await this.#call('mask', linesSchema, { lines: piece });
      // Which of them is which line could not be told.
      if (answer.lines.length !== piece.length) throw anotherVersion();
      for (const line of answer.lines) masked.push(line);
    }
    return masked;
  }

  shutdown(request: StopRequest = {}): Promise<OperationResult> {
    return this.#call('shutdown', resultSchema, request);
  }

  /** The last event is `end`, by whatever the stream ended. */
  follow(
    listener: (event: ControlEvent) => void,
    { withUsage = false }: FollowOptions = {},
  ): Disposable {
    let isOver = false;
    const tell = (event: ControlEvent): void => {
      if (isOver) return;
      if (event.kind === 'end') isOver = true;
      listener(event);
    };
    const end = (): void => tell({ kind: 'end' });
    const parser = new EventStreamParser();
    const request = this.#request(withUsage ? 'usage' : 'events');
    request.on('error', end);
    request.on('response', (response) => {
      response.setEncoding('utf8');
      response.on('error', end);
      response.on('close', end);
      if (response.statusCode !== 200) {
        end();
        return;
      }
      response.on('data', (text: string) => {
        for (const data of parser.push(text)) {
          const { data: event } = eventSchema.safeParse(JSON.parse(data));
          // What a newer owner tells beyond this is not for us.
          if (event !== undefined) tell(event);
        }
      });
    });
    request.end();
    return toDisposable(() => {
      isOver = true;
      request.destroy();
    });
  }

  async #call<T extends z.ZodMiniType>(
    route: Route,
    schema: T,
    body?: unknown,
  ): Promise<z.infer<T>> {
    const { statusCode, text } = await this.#exchange(route, body);
    const json = parseJson(text);
    if (statusCode !== 200) throw fault(json);
    const { success, data, error } = schema.safeParse(json);
    if (success) return data;
    throw anotherVersion(error);
  }

  #exchange(route: Route, body: unknown): Promise<{ statusCode: number; text: string }> {
    return new Promise((resolve, reject) => {
      const request = this.#request(route);
      let isConnected = false;
      const fail = (error: unknown): void => reject(lost(isConnected, error));
      request.on('socket', (socket) => socket.once('connect', () => (isConnected = true)));
      request.on('error', fail);
      request.on('response', (response) => void read(response).then(resolve, fail));
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  #request(route: Route): ClientRequest {
    return httpRequest({
      socketPath: this.#socketPath,
      path: routes[route],
      method: isRead(route) ? 'GET' : 'POST',
      // A connection per call: nothing to be found dead later.
      agent: false,
      headers: isRead(route) ? {} : { 'content-type': 'application/json' },
    });
  }
}

async function read(response: IncomingMessage): Promise<{ statusCode: number; text: string }> {
  response.setEncoding('utf8');
  let text = '';
  for await (const piece of response as AsyncIterable<string>) text += piece;
  return { statusCode: response.statusCode ?? 0, text };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function anotherVersion(cause?: unknown): DevEnvError {
  const message = l10n.t('The owner of the environment speaks another version of the protocol.');
  return new DevEnvError('owner-unreachable', message, {}, cause);
}

function fault(json: unknown): DevEnvError {
  const { data } = faultSchema.safeParse(json);
  return new DevEnvError(
    (data?.code ?? 'owner-unreachable') as ErrorCode,
    data?.message ?? l10n.t('The owner of the environment gave no answer.'),
  );
}

function lost(isConnected: boolean, error: unknown): DevEnvError {
  return isConnected
    ? new DevEnvError('owner-left', l10n.t('The owner of the environment is gone.'), {}, error)
    : new DevEnvError(
        'owner-unreachable',
        l10n.t('The owner of the environment cannot be reached: {0}', errorMessage(error)),
        {},
        error,
      );
}
