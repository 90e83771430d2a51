import * as z from 'zod/mini';
import { DEFAULTS } from './defaults.ts';
import {
  commandSchema,
  durationSchema,
  envFileSchema,
  envSchema,
  expected,
  field,
  fieldDocs,
  flagSchema,
  nameKeySchema,
  nameSchema,
  portSchema,
  SIGNALS,
  textSchema,
} from './schemaParts.ts';

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

const policySchema = z.enum(
  ['never', 'on-failure', 'always', 'unless-stopped'],
  expected('choice'),
);

export const restartSchema = z.strictObject(
  {
    policy: field(policySchema, {
      typeText: '`never`, `on-failure`, `always` or `unless-stopped`',
      defaultText: '`on-failure` for a service, `never` for a task',
      description:
        'When a run that ended by itself is followed by another: never, if it failed, or always. What you stopped is never restarted; `unless-stopped` is another name for `always` that people know from containers.',
    }),
    max_retries: field(
      z.union(
        [
          z.int(expected('retries')).check(z.gte(0, expected('retries'))),
          z.literal('unlimited', expected('retries')),
        ],
        expected('retries'),
      ),
      {
        typeText: 'integer or `unlimited`',
        default: DEFAULTS.maxRetries,
        description: 'Restarts in a row before the process counts as failed.',
      },
    ),
    delay: field(durationSchema, {
      typeText: 'duration',
      default: DEFAULTS.restartDelay,
      description: 'Wait before the first restart.',
    }),
    backoff: field(
      z
        .number(expected('factor'))
        .check(z.gte(1, expected('factor')), z.lte(100, expected('factor'))),
      {
        typeText: 'number, at least 1',
        default: DEFAULTS.backoff,
        description:
          'Factor by which the wait grows with each restart in a row; 1 for an even wait.',
      },
    ),
    max_delay: field(durationSchema, {
      typeText: 'duration',
      default: DEFAULTS.maxDelay,
      description: 'The wait does not grow beyond this.',
    }),
    window: field(durationSchema, {
      typeText: 'duration',
      default: DEFAULTS.window,
      description: 'A run that lasted this long was a good one: restarts are counted anew.',
    }),
  },
  expected('restart'),
);

export const stopSchema = z.strictObject(
  {
    signal: field(z.enum(SIGNALS, expected('choice')), {
      typeText: SIGNALS.map((signal) => `\`${signal}\``).join(', '),
      default: DEFAULTS.stopSignal,
      description: 'Sent to the whole process group.',
    }),
    command: field(commandSchema(), {
      typeText: 'string or list',
      description:
        'Run instead of sending the signal, in the directory and with the environment of the process.',
      examples: ['redis-cli -p ${port} shutdown'],
    }),
    timeout: field(durationSchema, {
      typeText: 'duration',
      default: DEFAULTS.stopTimeout,
      description: 'Grace period; what is left of the process tree after it is killed.',
    }),
  },
  expected('map'),
);

const conditionSchema = z.enum(['started', 'ready', 'completed'], expected('condition'));

const dependsOnSchema = z.union(
  [
    z.array(nameKeySchema, expected('dependencies')),
    z.record(
      nameKeySchema,
      z.union(
        [
          conditionSchema,
          z.strictObject({ condition: z.optional(conditionSchema) }, expected('condition')),
        ],
        expected('condition'),
      ),
      expected('dependencies'),
    ),
  ],
  expected('dependencies'),
);

/** Fields that `defaults` may set for all processes. */
const sharedFields = {
  type: field(z.enum(['service', 'task'], expected('choice')), {
    typeText: '`service` or `task`',
    default: DEFAULTS.type,
    description: 'A service should stay up; a task runs to its end, like a migration.',
  }),
  workdir: field(textSchema, {
    typeText: 'path',
    defaultText: 'the workspace folder',
    description: 'Directory the command runs in, relative to the workspace folder.',
    examples: ['./backend'],
  }),
  autostart: field(flagSchema, {
    typeText: 'boolean',
    defaultText: 'the `autostart` at the top of the file',
    description: 'Start it when the workspace opens.',
  }),
  startup_timeout: field(durationSchema, {
    typeText: 'duration',
    default: DEFAULTS.startupTimeout,
    description: 'A run that is not ready after this time has failed. Not for tasks.',
  }),
  restart: field(z.union([policySchema, restartSchema], expected('restart')), {
    typeText: 'policy or map',
    defaultText: '`on-failure` for a service, `never` for a task',
    description: 'When to start it again. A word is short for `{ policy: … }`.',
    examples: ['always', { policy: 'on-failure', max_retries: 10, delay: '500ms' }],
  }),
  stop: field(stopSchema, {
    typeText: 'map',
    description: 'How it is stopped.',
    examples: [{ signal: 'SIGINT', timeout: '30s' }],
  }),
};

const ownFields = {
  port: field(portSchema, {
    typeText: 'integer or `auto`',
    description:
      'The port it listens on, given to it as `PORT` and to the file as `${port}` and `${port:name}`. `auto` takes a free one.',
    examples: [3000, 'auto', '${API_PORT:-5000}'],
  }),
  url: field(textSchema, {
    typeText: 'URL',
    description: 'What "Open URL" opens.',
    examples: ['http://localhost:${port}'],
  }),
  ready: field(readySchema, {
    typeText: 'map',
    defaultText: '`tcp` on `port`; without a port, as soon as it was started',
    description:
      'When dependents may start: exactly one of `http`, `tcp`, `command` and `log`. Not for tasks.',
    oneOf: PROBE_KINDS.map((key) => ({ required: [key] })),
    dependencies: Object.fromEntries(HTTP_OPTIONS.map((key) => [key, ['http']])),
    examples: [{ http: '/health' }, { log: 'ready in' }],
  }),
  description: field(textSchema, {
    typeText: 'string',
    description: 'One line for people, shown beside the name.',
  }),
  env: field(envSchema, {
    typeText: 'map',
    description: 'Variables for this process.',
    examples: [{ LOG_LEVEL: 'debug', DATABASE_URL: 'redis://127.0.0.1:${port:db}' }],
  }),
  env_file: field(envFileSchema, {
    typeText: 'path, list of paths, or `{ path, required }`',
    description: 'Files of `NAME=value` lines for this process; later files win.',
    examples: ['backend/.env', [{ path: '.env.local', required: false }]],
  }),
  depends_on: field(dependsOnSchema, {
    typeText: 'list of names, or map from name to condition',
    description:
      'What has to be up before it starts. In a list a service must be `ready` and a task `completed`; a map says `started`, `ready` or `completed`.',
    examples: [['db'], { db: 'ready', migrate: 'completed' }],
  }),
};

const commandField = commandSchema().register(fieldDocs, {
  typeText: 'string or list',
  description: 'What to run: a string runs in the shell, a list as program and arguments.',
  examples: ['npm run dev', ['node', 'server.js']],
});
const nameField = nameSchema.register(fieldDocs, {
  typeText: 'string',
  description:
    'Letters, digits, `.`, `_` and `-`, at most 64. In a map of processes the key is the name.',
});

/** An entry of the `processes` map. */
export const processBodySchema = z.strictObject(
  { command: commandField, ...ownFields, ...sharedFields },
  expected('process'),
);

/** An entry of the `processes` list. */
export const processEntrySchema = z.strictObject(
  { name: nameField, command: commandField, ...ownFields, ...sharedFields },
  expected('process'),
);

export const defaultsSchema = z.strictObject(sharedFields, expected('map'));

export type RawProcess = z.infer<typeof processBodySchema>;
export type RawDefaults = z.infer<typeof defaultsSchema>;
export type RawReady = z.infer<typeof readySchema>;
export type RawRestart = z.infer<typeof restartSchema>;
export type RawStop = z.infer<typeof stopSchema>;
