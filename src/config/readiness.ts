import * as l10n from '@vscode/l10n';
import { DEFAULTS } from './defaults.ts';
import { parseDuration } from './duration.ts';
import type { FieldReader } from './fieldReader.ts';
import type { HttpProbe, ReadinessProbe, TcpProbe } from './model.ts';
import { HTTP_OPTIONS, PROBE_KINDS, type RawReady } from './readySchema.ts';
import type { ValuePath } from './yamlTree.ts';

/** Without `ready`: the port accepts connections, or the program was started. */
export function defaultReadiness(port: number | undefined): ReadinessProbe {
  if (port === undefined) return { kind: 'alive' };
  return { kind: 'tcp', host: 'localhost', port, timeoutMs: probeTimeoutMs };
}

const probeTimeoutMs = parseDuration(DEFAULTS.probeTimeout) ?? 0;

/** The probe of a `ready`; `alive` if there is something wrong with it (reported). */
export function readReadiness(
  raw: RawReady,
  path: ValuePath,
  port: number | undefined,
  reader: FieldReader,
): ReadinessProbe {
  const failed: ReadinessProbe = { kind: 'alive' };
  if (!isOneProbe(raw, path, reader)) return failed;
  const timeoutMs = reader.duration([...path, 'timeout'], DEFAULTS.probeTimeout);
  if (raw.http !== undefined) return readHttp(raw, path, port, reader, timeoutMs) ?? failed;
  if (raw.tcp !== undefined) return readTcp([...path, 'tcp'], reader, timeoutMs) ?? failed;
  if (raw.command !== undefined) {
    const command = reader.command([...path, 'command'], raw.command);
    return command === undefined ? failed : { kind: 'command', command, timeoutMs };
  }
  const pattern = reader.pattern([...path, 'log']);
  return pattern === undefined ? failed : { kind: 'log', pattern };
}

function isOneProbe(raw: RawReady, path: ValuePath, reader: FieldReader): boolean {
  const [first, ...others] = PROBE_KINDS.filter((kind) => raw[kind] !== undefined);
  if (first === undefined) {
    const message = l10n.t('"ready" needs one of {0}.', PROBE_KINDS.join(', '));
    reader.diagnostics.error('missing-key', message, reader.keyRange(path));
    return false;
  }
  for (const other of others) {
    const message = l10n.t('"ready" has "{0}" already; it can have only one probe.', first);
    reader.diagnostics.error('conflicting-keys', message, reader.keyRange([...path, other]));
  }
  for (const option of HTTP_OPTIONS) {
    if (raw[option] === undefined || raw.http !== undefined) continue;
    const message = l10n.t('"{0}" goes with "http" only.', option);
    reader.diagnostics.error('conflicting-keys', message, reader.keyRange([...path, option]));
  }
  if (raw.timeout !== undefined && first === 'log') {
    const message = l10n.t('A "log" probe has no "timeout"; "startup_timeout" bounds it.');
    reader.diagnostics.error('conflicting-keys', message, reader.keyRange([...path, 'timeout']));
  }
  return others.length === 0;
}

function readHttp(
  raw: RawReady,
  path: ValuePath,
  port: number | undefined,
  reader: FieldReader,
  timeoutMs: number,
): HttpProbe | undefined {
  const url = readHttpUrl([...path, 'http'], port, reader);
  const headers = readHeaders(raw.headers, (name) => reader.text([...path, 'headers', name]));
  const matchHeaders = readHeaders(raw.match_headers, (name) =>
    reader.pattern([...path, 'match_headers', name]),
  );
  const matchBody =
    raw.match_body === undefined ? undefined : reader.pattern([...path, 'match_body']);
  const status = typeof raw.status === 'number' ? [raw.status] : raw.status;
  if (url === undefined) return undefined;
  return {
    kind: 'http',
    socketPath: undefined,
    method: 'GET',
    url,
    status,
    headers,
    matchHeaders,
    matchBody,
    timeoutMs,
  };
}

function readHttpUrl(
  path: ValuePath,
  port: number | undefined,
  reader: FieldReader,
): string | undefined {
  const text = reader.text(path);
  if (text === undefined) return undefined;
  if (text.startsWith('/')) {
    if (port !== undefined) return new URL(`http://localhost:${port}${text}`).href;
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

function readTcp(path: ValuePath, reader: FieldReader, timeoutMs: number): TcpProbe | undefined {
  const text = reader.text(path);
  if (text === undefined) return undefined;
  const match = /^(?:(\[[0-9a-f:.%]+\]|[^\s:/[\]]+):)?(\d{1,5})$/i.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port < 1 || port > 65_535) {
    const message = l10n.t('"{0}" must be a port from 1 to 65535, or "host:port".', 'tcp');
    reader.error('wrong-type', path, message);
    return undefined;
  }
  const host = (match[1] ?? 'localhost').replace(/^\[|\]$/g, '');
  return { kind: 'tcp', host, port, timeoutMs };
}
