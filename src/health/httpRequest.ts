import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isLoopback, place } from './loopback.ts';

/** More of a body is not read; what matches must be before it. */
const maxBodyBytes = 1024 * 1024;

/** An answer whose body nobody asked for may go on this long before its connection is closed. */
const drainMs = 500;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty unless asked for. */
  readonly body: string;
}

export interface HttpRequestOptions {
  readonly url: URL;
  /** Where to connect, whatever the URL's host is. */
  readonly address: string;
  readonly port: number;
  /** A Unix socket to connect to in place of address and port. */
  readonly socketPath: string | undefined;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly wantsBody: boolean;
  readonly signal: AbortSignal;
}

/** One request over a connection of its own, as a kept one says nothing of new ones. Never rejects. */
export async function requestOnce(
  options: HttpRequestOptions,
): Promise<HttpAnswer | 'aborted' | Error> {
  const { url, address, port, socketPath, method, headers, wantsBody, signal } = options;
  const isTls = url.protocol === 'https:';
  // With TLS, Node takes some 10 ms to load it, and few ask for that.
  const { request: send } = isTls ? await import('node:https') : await import('node:http');
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve('aborted');
      return;
    }
    const request = send({
      ...(socketPath === undefined ? { host: address, port } : { socketPath }),
      method,
      path: url.pathname + url.search,
      agent: false,
      // Servers tell sites apart by it, and development servers refuse names they do not expect.
      headers: { host: hostHeader(url), 'user-agent': 'dev-env', accept: '*/*', ...headers },
      ...(url.username === ''
        ? {}
        : { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }),
      // Development certificates are self-signed; on this machine there is nobody to fool us.
      ...(isTls
        ? { servername: servernameOf(url), rejectUnauthorized: !isLoopback(url.hostname) }
        : {}),
    });
    let response: IncomingMessage | undefined;
    const settle = (result: HttpAnswer | 'aborted' | Error): void => {
      signal.removeEventListener('abort', abort);
      // An answer that is nearly over may end, which spares the server a broken pipe in its log.
      if (response !== undefined && result instanceof Object && !(result instanceof Error)) {
        drain(response);
      } else {
        request.destroy();
      }
      resolve(result);
    };
    const abort = (): void => settle('aborted');
    signal.addEventListener('abort', abort, { once: true });
    // Stays: a destroyed request may still report an error, which would be nobody's.
    request.on('error', settle);
    request.once('response', (incoming) => {
      response = incoming;
      const answer = { status: incoming.statusCode ?? 0, headers: incoming.headers };
      incoming.on('error', settle);
      if (!wantsBody) {
        settle({ ...answer, body: '' });
        return;
      }
      readBody(incoming, (body) => settle({ ...answer, body }));
    });
    request.end();
  });
}

function readBody(incoming: IncomingMessage, onRead: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const finish = (): void => onRead(Buffer.concat(chunks).toString('utf8', 0, maxBodyBytes));
  incoming.on('data', (chunk: Buffer) => {
    if (length >= maxBodyBytes) return;
    chunks.push(chunk);
    length += chunk.length;
    if (length >= maxBodyBytes) finish();
  });
  incoming.once('end', finish);
}

/** Lets an answer end by itself, within bounds. */
function drain(incoming: IncomingMessage): void {
  const timer = setTimeout(() => incoming.destroy(), drainMs);
  timer.unref();
  let length = 0;
  incoming.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBodyBytes) incoming.destroy();
  });
  incoming.once('close', () => clearTimeout(timer));
  incoming.resume();
}

function hostHeader(url: URL): string {
  return url.port === ''
    ? url.hostname
    : place(url.hostname.replace(/^\[|\]$/g, ''), Number(url.port));
}

/** SNI is for names only (RFC 6066). */
function servernameOf(url: URL): string {
  return /^[\d.]+$|^\[/.test(url.hostname) ? '' : url.hostname;
}
