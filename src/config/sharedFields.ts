import * as z from 'zod/mini';
import { DEFAULTS } from './defaults.ts';
import { limitsSchema, loggingSchema } from './limitSchemas.ts';
import { policySchema, restartSchema, stopSchema } from './policySchemas.ts';
import { wholeNumber } from './schemaNumbers.ts';
import { durationSchema, expected, field, flagSchema, textSchema } from './schemaParts.ts';

/** Fields of a process that `defaults` may set for all processes. */
export const sharedFields = {
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
  limits: field(limitsSchema, {
    typeText: 'map',
    description: 'What its whole process tree may take.',
    examples: [{ memory: '512MB', cpu: '150%' }],
  }),
  logging: field(loggingSchema, {
    typeText: 'map',
    description: 'How its log is kept and shown.',
    examples: [{ max_size: '10MB', format: 'json' }],
  }),
  tty: field(flagSchema, {
    typeText: 'boolean',
    default: false,
    description: 'Give it a terminal in place of a file, for programs that behave otherwise without one.', // prettier-ignore
  }),
  stop: field(stopSchema, {
    typeText: 'map',
    description: 'How it is stopped.',
    examples: [{ signal: 'SIGINT', timeout: '30s' }],
  }),
};
