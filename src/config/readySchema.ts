import * as z from 'zod/mini';
import { DEFAULTS } from './defaults.ts';
import { commandSchema, durationSchema, expected, field, textSchema } from './schemaParts.ts';

const statusSchema = z
  .int(expected('status'))
  .check(z.gte(100, expected('status')), z.lte(599, expected('status')));

const headersSchema = z.record(z.string(), z.string(expected('headerValue')), expected('headers'));

const tcpPortSchema = z
  .int(expected('tcp'))
  .check(z.gte(1, expected('tcp')), z.lte(65_535, expected('tcp')));

/** The ways to ask; `ready` has exactly one. */
export const PROBE_KINDS = ['http', 'tcp', 'command', 'log'] as const;
/** What goes with `http` only. */
export const HTTP_OPTIONS = ['status', 'headers', 'match_headers', 'match_body'] as const;

export const readySchema = z.strictObject(
  {
    http: field(textSchema, {
      typeText: 'path or URL',
      description:
        'Ready when a GET answers well. A path such as `/health` goes to `http://localhost:<port>`; `localhost` tries IPv4 and IPv6.',
      examples: ['/health', 'http://localhost:${port}/health'],
    }),
    status: field(z.union([statusSchema, z.array(statusSchema)], expected('status')), {
      typeText: 'integer or list of integers',
      defaultText: '200 to 399',
      description: 'With `http`: the status codes that count.',
      examples: [200, [200, 401]],
    }),
    headers: field(headersSchema, {
      typeText: 'map of strings',
      description: 'With `http`: headers to send.',
      examples: [{ Accept: 'application/json' }],
    }),
    match_headers: field(headersSchema, {
      typeText: 'map of regular expressions',
      description: 'With `http`: response headers that must be there and match.',
      examples: [{ 'content-type': 'json' }],
    }),
    match_body: field(textSchema, {
      typeText: 'regular expression',
      description: 'With `http`: what the body must match.',
      examples: ['"status":\\s*"ok"'],
    }),
    tcp: field(z.union([tcpPortSchema, textSchema], expected('tcp')), {
      typeText: 'port or `host:port`',
      description: 'Ready when a TCP connection is accepted. The host is `localhost` if left out.',
      examples: [5432, '127.0.0.1:${port}'],
    }),
    command: field(commandSchema(), {
      typeText: 'string or list',
      description:
        'Ready when this command exits with 0. It runs in the directory and with the environment of the process.',
      examples: ['pg_isready -p ${port}', ['node', 'check.js']],
    }),
    log: field(textSchema, {
      typeText: 'regular expression',
      description: 'Ready when a line of the output matches.',
      examples: ['listening on port \\d+'],
    }),
    timeout: field(durationSchema, {
      typeText: 'duration',
      default: DEFAULTS.probeTimeout,
      description: 'With `http`, `tcp` or `command`: time allowed for one try.',
    }),
  },
  expected('map'),
);

export type RawReady = z.infer<typeof readySchema>;
