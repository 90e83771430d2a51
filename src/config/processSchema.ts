import * as z from 'zod/mini';
import { DEFAULTS } from './defaults.ts';
import { findSchema, FIND_KINDS } from './externalSchema.ts';
import { policySchema, restartSchema, stopSchema } from './policySchemas.ts';
import { healthSchema, probeRules, readySchema } from './probeSchemas.ts';
import { wholeNumber } from './schemaNumbers.ts';
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
  textSchema,
} from './schemaParts.ts';

const conditionSchema = z.enum(['started', 'ready', 'completed'], expected('condition'));

const dependsOnSchema = z.union(
  [
    z.array(nameKeySchema, expected('dependencies')),
    z.record(
      nameKeySchema,
      z.union(
        [
          conditionSchema,
          z.strictObject(
            {
              condition: field(conditionSchema, {
                typeText: '`started`, `ready` or `completed`',
                description: 'What has to be true of it.',
              }),
              restart: field(flagSchema, {
                typeText: 'boolean',
                default: false,
                description: 'Restart this process, too, whenever that one restarts.',
              }),
            },
            expected('condition'),
          ),
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
  type: field(z.enum(['service', 'task', 'external'], expected('choice')), {
    typeText: '`service`, `task` or `external`',
    default: DEFAULTS.type,
    description:
      "A service should stay up; a task runs to its end, like a migration; an external is someone else's, and only watched.",
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
    description: 'Start it when the workspace opens, with what it depends on, once you agree.',
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
  success_exit_codes: field(z.array(wholeNumber('exitCode', 0, 255), expected('exitCodes')), {
    typeText: 'list of integers',
    default: DEFAULTS.successExitCodes,
    description: 'Exit codes with which a run that ended by itself has ended well.',
    examples: [[0, 130]],
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
  timeout: field(durationSchema, {
    typeText: 'duration',
    description: 'For tasks: one that takes longer is ended, and has failed.',
    examples: ['10m'],
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
      'When dependents may start: exactly one of `http`, `tcp`, `grpc`, `command`, `log` and `heartbeat`. Not for tasks.',
    ...probeRules,
    examples: [{ http: '/health' }, { log: 'ready in' }],
  }),
  health_check: field(healthSchema, {
    typeText: 'map',
    description:
      'Is it still well, once it was ready? One probe as in `ready`, and how often to ask. Not for tasks.',
    ...probeRules,
    examples: [{ http: '/health', interval: '10s', failure_threshold: 3 }],
  }),
  find: field(findSchema, {
    typeText: 'map',
    defaultText: 'by `port`',
    description: 'For externals: how the program is found. Exactly one of `port`, `pid_file` and `command`.', // prettier-ignore
    oneOf: FIND_KINDS.map((key) => ({ required: [key] })),
    examples: [{ pid_file: '/run/postgresql/main.pid' }],
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
      'What has to be up before it starts. In a list a service must be `ready` and a task `completed`; a map says `started`, `ready` or `completed`, or `{ condition, restart: true }`.',
    examples: [['db'], { db: 'ready', migrate: 'completed' }],
  }),
};

const commandField = field(commandSchema(), {
  typeText: 'string or list',
  defaultText: 'required, unless there is a `runner`; not for externals',
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
