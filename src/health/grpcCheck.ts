import type { ChannelCredentials } from '@grpc/grpc-js';
import type { Socket } from 'node:net';
import { systemErrorCode } from '../base/errors.ts';

export interface GrpcCheckOptions {
  /** As gRPC names it: `ipv4:127.0.0.1:80`, `ipv6:[::1]:80`, `dns:host:80`, `unix:/path`. */
  readonly target: string;
  /** The name that the server is asked by. */
  readonly authority: string;
  readonly service: string;
  readonly signal: AbortSignal;
}

/** What came of a call: the status in the answer, an error of the server, or of the connection. */
export type GrpcAnswer =
  | { readonly kind: 'status'; readonly status: string }
  | { readonly kind: 'refused'; readonly code: string; readonly details: string }
  | { readonly kind: 'not-connected'; readonly error: Error }
  | { readonly kind: 'aborted' };

/** Of `grpc.health.v1.HealthCheckResponse.ServingStatus`. */
const servingStatuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** One call of `grpc.health.v1.Health/Check` over a connection of its own. Never rejects. */
export async function checkHealth(options: GrpcCheckOptions): Promise<GrpcAnswer> {
  const { target, authority, service, signal } = options;
  // Loaded by those who use it: it is larger than all the rest of the extension.
  const { Client, credentials, Metadata, status: codes } = await import('@grpc/grpc-js');
  if (signal.aborted) return { kind: 'aborted' };
  const sockets = new OwnSockets();
  const client = new Client(target, sockets.watch(credentials.createInsecure()), {
    'grpc.default_authority': authority,
    // Connections are shared otherwise, and with them the pause after one that was refused.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
  });
  return new Promise((resolve) => {
    const call = client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      encodeRequest,
      decodeStatus,
      service,
      new Metadata(),
      (error, status) => {
        signal.removeEventListener('abort', abort);
        client.close();
        sockets.destroy();
        if (error === null) {
          resolve({ kind: 'status', status: status ?? 'UNKNOWN' });
        } else if (signal.aborted) {
          resolve({ kind: 'aborted' });
        } else {
          const cause =
            error.code === codes.UNAVAILABLE ? connectionError(error.details) : undefined;
          resolve(
            cause === undefined
              ? { kind: 'refused', code: codes[error.code], details: error.details }
              : { kind: 'not-connected', error: cause },
          );
        }
      },
    );
    const abort = (): void => call.cancel();
    signal.addEventListener('abort', abort, { once: true });
  });
}

/**
 * The connections of one call. The closing of a client waits politely for a server that says
 * nothing, for ever; probed again and again, that would be a connection lost with each try.
 */
class OwnSockets {
  readonly #sockets = new Set<Socket>();
  #isOver = false;

  /** The same credentials, whose connections are known here. */
  watch(credentials: ChannelCredentials): ChannelCredentials {
    const create = credentials._createSecureConnector.bind(credentials);
    credentials._createSecureConnector = (...args) => {
      const connector = create(...args);
      const connect = connector.connect.bind(connector);
      connector.connect = (socket) => {
        this.#sockets.add(socket);
        if (this.#isOver) socket.destroy();
        return connect(socket);
      };
      return connector;
    };
    return credentials;
  }

  destroy(): void {
    this.#isOver = true;
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** `HealthCheckRequest { string service = 1; }`: three bytes and a name need no compiler. */
export function encodeRequest(service: string): Buffer {
  const name = Buffer.from(service);
  return name.length === 0
    ? Buffer.alloc(0)
    : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
}

/** `HealthCheckResponse { ServingStatus status = 1; }`; what else is in it is passed over. */
export function decodeStatus(message: Buffer): string {
  let status = 0;
  for (let offset = 0; offset < message.length;) {
    const key = readVarint(message, offset);
    offset = key.end;
    const value = readVarint(message, offset);
    const wireType = key.value & 7;
    if (wireType === 0) {
      if (key.value >>> 3 === 1) status = value.value;
      offset = value.end;
    } else if (wireType === 2) offset = value.end + value.value;
    else offset += wireType === 1 ? 8 : 4;
  }
  return servingStatuses[status] ?? String(status);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];
}

function readVarint(message: Buffer, from: number): { value: number; end: number } {
  let value = 0;
  let end = from;
  for (let shift = 0; end < message.length; shift += 7) {
    const byte = message[end++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  // Not negative: it may be a length.
  return { value: value >>> 0, end };
}

/** gRPC tells why there is no connection in words only, which hold the system's code. */
function connectionError(details: string): Error | undefined {
  const code = /\bE[A-Z]{4,}\b/.exec(details)?.[0];
  if (code === undefined) return undefined;
  const error = Object.assign(new Error(details), { code });
  return systemErrorCode(error) === undefined ? undefined : error;
}
