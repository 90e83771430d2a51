import * as z from 'zod/mini';
import { DEFAULTS } from './defaults.ts';
import { defaultsSchema, processBodySchema, processEntrySchema } from './processSchema.ts';
import {
  envCommandSchema,
  envExcludeSchema,
  envFileSchema,
  envSchema,
  expected,
  field,
  fieldDocs,
  flagSchema,
  nameKeySchema,
} from './schemaParts.ts';

/**
 * The file as it is written: the one source of the raw types, of `schema/dev-env.schema.json` and
 * of the reference in `docs/configuration.md`. It checks form only; what one part says of another
 * is checked by `load.ts`.
 */
export const fileSchema = z
  .strictObject(
    {
      processes: z
        .union(
          [
            z.array(processEntrySchema, expected('processes')),
            z.record(nameKeySchema, processBodySchema, expected('processes')),
          ],
          expected('processes'),
        )
        .register(fieldDocs, {
          typeText: 'list, or map from name to entry',
          description: 'What the environment consists of.',
        }),
      env_file: field(envFileSchema, {
        typeText: 'path, list of paths, or `{ path, required }`',
        description: 'Files of `NAME=value` lines for all processes; later files win.',
        examples: ['.env', ['.env', { path: '.env.local', required: false }]],
      }),
      env: field(envSchema, {
        typeText: 'map',
        description: 'Variables for all processes.',
        examples: [{ LOG_LEVEL: 'debug' }],
      }),
      env_command: field(envCommandSchema, {
        typeText: 'command, `{ command, timeout }`, or list of those',
        description: 'Programs that print `NAME=value` lines for all processes; run at each start.',
        examples: ['./print-env', { command: ['vault', 'env'], timeout: '30s' }],
      }),
      env_exclude: field(envExcludeSchema, {
        typeText: 'list of names with `*`',
        description: 'Inherited variables that no process gets.',
        examples: [['AWS_*', 'HTTP_PROXY']],
      }),
      defaults: field(defaultsSchema, {
        typeText: 'map',
        description: 'Fields for every process that does not set them itself.',
        examples: [{ restart: 'on-failure' }],
      }),
      default_profiles: field(z.array(nameKeySchema, expected('names')), {
        typeText: 'list of names',
        description: 'The profiles that are active unless others are chosen.',
        examples: [['dev']],
      }),
      autostart: field(flagSchema, {
        typeText: 'boolean',
        default: DEFAULTS.autostart,
        description:
          'Start all processes when the workspace opens, once you agree. A process can decide for itself by its own `autostart`.',
      }),
      on_start_failure: field(z.enum(['keep', 'rollback'], expected('choice')), {
        typeText: '`keep` or `rollback`',
        default: DEFAULTS.onStartFailure,
        description:
          'When one of several processes fails to start: keep what already runs, or stop it again.',
      }),
    },
    expected('file'),
  )
  .register(fieldDocs, {
    title: 'Dev Env',
    description: 'The processes of a development environment.',
  });

export type RawFile = z.infer<typeof fileSchema>;
export type RawEnvCommand = NonNullable<RawFile['env_command']>;
export type RawEnvFile = NonNullable<RawFile['env_file']>;
export type RawEnv = NonNullable<RawFile['env']>;
