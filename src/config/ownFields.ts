import * as z from 'zod/mini';
import { FIND_KINDS, findSchema } from './externalSchema.ts';
import { healthSchema, probeRules, readySchema } from './probeSchemas.ts';
import {
  durationSchema,
  envCommandSchema,
  envExcludeSchema,
  envFileSchema,
  envSchema,
  expected,
  field,
  flagSchema,
  nameKeySchema,
  portSchema,
  textSchema,
} from './schemaParts.ts';
import { scheduleSchema, watchSchema } from './triggerSchemas.ts';

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

const matcherSchema = z
  .string(expected('matcher'))
  .check(z.regex(/^\$?[A-Za-z][\w.-]*$/, expected('matcher')));

/** Fields of a process that each has for itself. */
export const ownFields = {
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
  env_command: field(envCommandSchema, {
    typeText: 'command, `{ command, timeout }`, or list of those',
    description: 'Programs that print `NAME=value` lines for this process; run at each start.',
    examples: ['./print-env', { command: ['vault', 'env'], timeout: '30s' }],
  }),
  env_exclude: field(envExcludeSchema, {
    typeText: 'list of names with `*`',
    description: 'Inherited variables that it does not get.',
    examples: [['AWS_*', 'HTTP_PROXY']],
  }),
  schedule: field(scheduleSchema, {
    typeText: 'cron expression or map',
    description: 'When a task runs by itself, or a service is restarted.',
    examples: ['*/5 * * * *', { cron: '0 3 * * *', timezone: 'Europe/Berlin' }],
  }),
  watch: field(watchSchema, {
    typeText: 'list of globs, or map',
    description: 'Files whose change restarts it, relative to its directory.',
    examples: [['src/**/*.ts'], { paths: ['src'], ignore: ['*.test.ts'], debounce: '1s' }],
  }),
  groups: field(z.array(nameKeySchema, expected('names')), {
    typeText: 'list of names',
    description: 'Groups it is started and stopped with.',
    examples: [['backend']],
  }),
  profiles: field(z.array(nameKeySchema, expected('names')), {
    typeText: 'list of names',
    defaultText: 'always part of "all"',
    description: 'It is part of "all" only while one of these profiles is active.',
    examples: [['debug']],
  }),
  interactive: field(flagSchema, {
    typeText: 'boolean',
    default: false,
    description: 'Give it a terminal that one can type into.',
  }),
  problem_matcher: field(
    z.union([matcherSchema, z.array(matcherSchema, expected('matcher'))], expected('matcher')),
    {
      typeText: 'name or list of names',
      description: 'Problem matchers of the editor that read its output for the Problems panel.',
      examples: ['$tsc-watch', ['$tsc', '$eslint-stylish']],
    },
  ),
  depends_on: field(dependsOnSchema, {
    typeText: 'list of names, or map from name to condition',
    description:
      'What has to be up before it starts. In a list a service must be `ready` and a task `completed`; a map says `started`, `ready` or `completed`, or `{ condition, restart: true }`.',
    examples: [['db'], { db: 'ready', migrate: 'completed' }],
  }),
};
