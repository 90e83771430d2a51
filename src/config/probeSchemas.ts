import * as z from 'zod/mini';
import { DEFAULTS } from './defaults.ts';
import { commandSchema, durationSchema, expected, field, textSchema } from './schemaParts.ts';
import { wholeNumber } from './schemaNumbers.ts';

const statusSchema = wholeNumber('status', 100, 599);
const portNumberSchema = (expectation: 'grpc' | 'tcp'): z.ZodMiniNumberFormat =>
  wholeNumber(expectation, 1, 65_535);

const headersSchema = z.record(z.string(), z.string(expected('headerValue')), expected('headers'));

const grpcMapSchema = z.strictObject(
  {
    target: field(z.union([portNumberSchema('grpc'), textSchema], expected('grpc')), {
      typeText: 'port, `host:port` or `unix:/path`',
      defaultText: 'the `port` of the process',
      description: 'Where the server listens.',
    }),
    service: field(textSchema, {
      typeText: 'string',
      defaultText: 'the whole server',
      description: 'The name of the service to ask for.',
    }),
  },
  expected('grpc'),
);

/** The ways to ask; `ready` and `health_check` have exactly one. */
export const PROBE_KINDS = ['http', 'tcp', 'grpc', 'command', 'log', 'heartbeat'] as const;
export type ProbeKind = (typeof PROBE_KINDS)[number];

/** What goes with `http` only. */
export const HTTP_OPTIONS = [
  'method',
  'status',
  'headers',
  'match_headers',
  'match_body',
  'socket',
] as const;

const probeFields = {
  http: field(textSchema, {
    typeText: 'path or URL',
    description:
      'Well when a request is answered well. A path such as `/health` goes to `http://localhost:<port>`; `localhost` tries IPv4 and IPv6.',
    examples: ['/health', 'http://localhost:${port}/health'],
  }),
  method: field(textSchema.check(z.regex(/^[A-Z]{1,20}$/, expected('method'))), {
    typeText: 'HTTP method in capitals',
    default: DEFAULTS.method,
    description: 'With `http`: how to ask.',
    examples: ['HEAD'],
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
  socket: field(textSchema, {
    typeText: 'path',
    description:
      'With `http`: the Unix socket to ask at, in place of the host and port; relative to the workspace folder.',
    examples: ['run/api.sock'],
  }),
  tcp: field(z.union([portNumberSchema('tcp'), textSchema], expected('tcp')), {
    typeText: 'port or `host:port`',
    description: 'Well when a TCP connection is accepted. The host is `localhost` if left out.',
    examples: [5432, '127.0.0.1:${port}'],
  }),
  grpc: field(z.union([portNumberSchema('grpc'), textSchema, grpcMapSchema], expected('grpc')), {
    typeText: 'port, `host:port`, `unix:/path`, or `{ target, service }`',
    description:
      'Well when the standard health service of gRPC (`grpc.health.v1.Health/Check`) says `SERVING`.',
    examples: [50_051, 'unix:/tmp/api.sock', { target: 50_051, service: 'shop.Orders' }],
  }),
  command: field(commandSchema(), {
    typeText: 'string or list',
    description:
      'Well when this command exits with 0. It runs in the directory and with the environment of the process.',
    examples: ['pg_isready -p ${port}', ['node', 'check.js']],
  }),
  log: field(textSchema, {
    typeText: 'regular expression',
    description: 'Well when a line of the output matches.',
    examples: ['listening on port \\d+'],
  }),
  heartbeat: field(z.literal(true, expected('true')), {
    typeText: '`true`',
    description:
      'Well when the process says so itself, on the socket that it finds in `DEV_ENV_SOCKET`: `READY=1`, and `WATCHDOG=1` within each interval.',
  }),
  timeout: field(durationSchema, {
    typeText: 'duration',
    default: DEFAULTS.probeTimeout,
    description: 'With `http`, `tcp`, `grpc` or `command`: time allowed for one try.',
  }),
};

export const readySchema = z.strictObject(probeFields, expected('map'));

const thresholdSchema = wholeNumber('count', 1, 1000);

export const healthSchema = z.strictObject(
  {
    ...probeFields,
    interval: field(durationSchema, {
      typeText: 'duration',
      default: DEFAULTS.healthInterval,
      description: 'From one try to the next.',
    }),
    failure_threshold: field(thresholdSchema, {
      typeText: 'integer from 1',
      default: DEFAULTS.failureThreshold,
      description: 'Failures in a row that make it unhealthy.',
    }),
    success_threshold: field(thresholdSchema, {
      typeText: 'integer from 1',
      default: DEFAULTS.successThreshold,
      description: 'Successes in a row that make it healthy again.',
    }),
    on_failure: field(z.enum(['restart', 'stop', 'report'], expected('choice')), {
      typeText: '`restart`, `stop` or `report`',
      defaultText: '`restart`; `report` for an external, which can only report',
      description: 'What happens to a process that has become unhealthy.',
    }),
  },
  expected('map'),
);

/** The fields with which a map says one of several probes, for the JSON Schema. */
export const probeRules = {
  oneOf: PROBE_KINDS.map((key) => ({ required: [key] })),
  dependencies: Object.fromEntries(HTTP_OPTIONS.map((key) => [key, ['http']])),
};

export type RawProbe = z.infer<typeof readySchema>;
export type RawHealth = z.infer<typeof healthSchema>;
export type RawGrpc = NonNullable<RawProbe['grpc']>;
