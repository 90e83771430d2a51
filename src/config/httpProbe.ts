import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { DEFAULTS } from './defaults.ts';
import type { FieldReader } from './fieldReader.ts';
import type { HttpProbe } from './model.ts';
import type { RawProbe } from './probeSchemas.ts';
import type { ValuePath } from './yamlTree.ts';

/** The HTTP probe of the map at `path`; undefined if there is something wrong with it (reported). */
export function readHttp(
  raw: RawProbe,
  path: ValuePath,
  port: number | undefined,
  reader: FieldReader,
  timeoutMs: number,
): HttpProbe | undefined {
  const socket = raw.socket === undefined ? undefined : reader.text([...path, 'socket']);
  const socketPath = socket === undefined ? undefined : resolve(reader.folder, socket);
  // At a socket the host and port of the URL are only what the request says of itself.
  const base = raw.socket === undefined ? port && `http://localhost:${port}` : 'http://localhost';
  const url = readHttpUrl([...path, 'http'], base || undefined, reader);
  const headers = readHeaders(raw.headers, (name) => reader.text([...path, 'headers', name]));
  const matchHeaders = readHeaders(raw.match_headers, (name) =>
    reader.pattern([...path, 'match_headers', name]),
  );
  const matchBody =
    raw.match_body === undefined ? undefined : reader.pattern([...path, 'match_body']);
  const status = typeof raw.status === 'number' ? [raw.status] : raw.status;
  if (url === undefined) return undefined;
  const method = raw.method ?? DEFAULTS.method;
  return { kind: 'http', url, socketPath, method, status, headers, matchHeaders, matchBody, timeoutMs }; // prettier-ignore
}

function readHttpUrl(
  path: ValuePath,
  base: string | undefined,
  reader: FieldReader,
): string | undefined {
  const text = reader.text(path);
  if (text === undefined) return undefined;
  if (text.startsWith('/')) {
    if (base !== undefined) return new URL(`${base}${text}`).href;
    const message = l10n.t('A path needs the "port" of the process; or write a whole URL.');
    reader.error('missing-key', path, message);
    return undefined;
  }
  if (isHttpUrl(text)) return new URL(text).href;
  const message = l10n.t(
    '"{0}" must be a path that begins with "/", or an http or https URL.',
    'http',
  );
  reader.error('wrong-type', path, message);
  return undefined;
}

/** Is it a whole URL of the web? */
export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function readHeaders(
  raw: Readonly<Record<string, string>> | undefined,
  read: (name: string) => string | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of Object.keys(raw ?? {})) {
    const value = read(name);
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}
