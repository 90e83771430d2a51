import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { FieldReader } from './fieldReader.ts';
import type { GrpcProbe, TcpProbe } from './model.ts';
import type { RawGrpc } from './probeSchemas.ts';
import { expectationWords } from './schemaWords.ts';
import type { ValuePath } from './yamlTree.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

export function readTcp(
  path: ValuePath,
  reader: FieldReader,
  timeoutMs: number,
): TcpProbe | undefined {
  const text = reader.text(path);
  if (text === undefined) return undefined;
  const address = parseAddress(text);
  if (address !== undefined) return { kind: 'tcp', ...address, timeoutMs };
  const message = l10n.t('"{0}" must be {1}.', 'tcp', expectationWords('tcp', []));
  reader.error('wrong-type', path, message);
  return undefined;
}

/** The gRPC probe at `path`; `port` is that of the process. */
export function readGrpc(
  raw: RawGrpc,
  path: ValuePath,
  port: number | undefined,
  reader: FieldReader,
  timeoutMs: number,
): GrpcProbe | undefined {
  const isMap = typeof raw === 'object';
  const service = isMap && raw.service !== undefined ? reader.text([...path, 'service']) : '';
  const target = readTarget(isMap ? [...path, 'target'] : path, port, reader);
  if (target === undefined || service === undefined) return undefined;
  return { kind: 'grpc', target, service, timeoutMs };
}

function readTarget(
  path: ValuePath,
  port: number | undefined,
  reader: FieldReader,
): string | undefined {
  if (reader.tree.locate(path) === undefined) {
    if (port !== undefined) return `localhost:${port}`;
    const message = l10n.t('"grpc" needs a "target", or the process a "port".');
    reader.diagnostics.error('missing-key', message, reader.keyRange(path.slice(0, -1)));
    return undefined;
  }
  const text = reader.text(path);
  if (text === undefined) return undefined;
  if (/^unix:./.test(text)) return `unix:${resolve(reader.folder, text.slice('unix:'.length))}`;
  const address = parseAddress(text);
  if (address !== undefined) {
    const host = address.host.includes(':') ? `[${address.host}]` : address.host;
    return `${host}:${address.port}`;
  }
  const label = path.at(-1) === 'target' ? 'target' : 'grpc';
  const message = l10n.t('"{0}" must be {1}.', label, expectationWords('grpc', []));
  reader.error('wrong-type', path, message);
  return undefined;
}

/** `99`, `host:99` or `[::1]:99`; the host of a bare port is `localhost`. */
function parseAddress(text: string): Address | undefined {
  const match = /^(?:(\[[0-9a-f:.%]+\]|[^\s:/[\]]+):)?(\d{1,5})$/i.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port < 1 || port > 65_535) return undefined;
  return { host: (match[1] ?? 'localhost').replace(/^\[|\]$/g, ''), port };
}
