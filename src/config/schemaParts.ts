import * as z from 'zod/mini';
import { DEFAULTS } from './defaults.ts';
import { DURATION_PATTERN } from './duration.ts';

/**
 * What was expected in a place, as a key to the words in `schemaWords.ts`: zod carries it as the
 * message of its issues, so that the schema itself stays free of words for people.
 */
export type Expectation =
  | 'args'
  | 'argument'
  | 'boolean'
  | 'breaker'
  | 'choice'
  | 'command'
  | 'condition'
  | 'count'
  | 'dependencies'
  | 'duration'
  | 'env'
  | 'envCommand'
  | 'envFile'
  | 'envName'
  | 'envPattern'
  | 'envPatterns'
  | 'envValue'
  | 'exitCode'
  | 'exitCodes'
  | 'factor'
  | 'file'
  | 'find'
  | 'globs'
  | 'grpc'
  | 'headerValue'
  | 'headers'
  | 'jitter'
  | 'limit'
  | 'map'
  | 'matcher'
  | 'method'
  | 'name'
  | 'names'
  | 'node'
  | 'percent'
  | 'port'
  | 'process'
  | 'processes'
  | 'python'
  | 'restart'
  | 'retries'
  | 'runner'
  | 'schedule'
  | 'size'
  | 'status'
  | 'tcp'
  | 'text'
  | 'true'
  | 'watch'
  | 'weight';

/** What the generated reference and the JSON Schema say of a field. */
export interface FieldDocs {
  /** Moves the schema to `$defs` under this name. */
  readonly id?: string;
  readonly description?: string;
  /** What leaving it out means, when it is not a plain value. */
  readonly defaultText?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** The type in the words of the reference. */
  readonly typeText?: string;
  readonly [keyword: string]: unknown;
}

export const fieldDocs = z.registry<FieldDocs>();

/** An optional field with its documentation. */
export function field<T extends z.core.$ZodType>(schema: T, docs: FieldDocs): z.ZodMiniOptional<T> {
  const optional = z.optional(schema);
  fieldDocs.add(optional, docs);
  return optional;
}

/** The message of an issue; a function only so that the compiler checks the key. */
export function expected(expectation: Expectation): { error: Expectation } {
  return { error: expectation };
}

export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** What a variable stands for is checked once it is filled in. */
const AUTO_OR_VARIABLE = /^auto$|\$\{/;

export const SIGNALS = [
  'SIGTERM',
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGKILL',
] as const satisfies readonly NodeJS.Signals[];

export const nameSchema = z.string(expected('name')).check(z.regex(NAME_PATTERN, expected('name')));

/** The names for keys of a map; apart from `nameSchema`, which carries documentation. */
export const nameKeySchema = z
  .string(expected('name'))
  .check(z.regex(NAME_PATTERN, expected('name')));

export const textSchema = z.string(expected('text')).check(z.minLength(1, expected('text')));

export const flagSchema = z.boolean(expected('boolean'));

export const durationSchema = z
  .string(expected('duration'))
  .check(z.regex(DURATION_PATTERN, expected('duration')));

export const argumentSchema = z.union([z.string(), z.number(), z.boolean()], expected('argument'));

const shellCommandSchema = z.string(expected('command')).check(z.regex(/\S/, expected('command')));
const argvSchema = z
  .array(argumentSchema, expected('command'))
  .check(z.minLength(1, expected('command')));

/** A new schema each time, so that each place can have its own documentation. */
export function commandSchema(): z.ZodMiniUnion<
  readonly [typeof shellCommandSchema, typeof argvSchema]
> {
  return z.union([shellCommandSchema, argvSchema] as const, expected('command'));
}

export const envSchema = z.record(
  z.string(expected('envName')).check(z.regex(/^[^=\s\0]+$/, expected('envName'))),
  z.union([z.string(), z.number(), z.boolean()], expected('envValue')),
  expected('env'),
);

const envFileEntrySchema = z.union(
  [
    z.string(expected('envFile')).check(z.minLength(1, expected('envFile'))),
    z.strictObject(
      {
        path: textSchema,
        required: field(flagSchema, {
          description: 'Is it an error when the file is not there?',
          default: true,
          typeText: 'boolean',
        }),
      },
      expected('envFile'),
    ),
  ],
  expected('envFile'),
);

export const envFileSchema = z.union(
  [envFileEntrySchema, z.array(envFileEntrySchema, expected('envFile'))],
  expected('envFile'),
);

const envCommandEntrySchema = z.union(
  [
    shellCommandSchema,
    z.strictObject(
      {
        command: commandSchema().register(fieldDocs, {
          typeText: 'string or list',
          description: 'What to run.',
        }),
        timeout: field(durationSchema, {
          typeText: 'duration',
          default: DEFAULTS.envCommandTimeout,
          description: 'A program that takes longer has failed, and so has the start.',
        }),
      },
      expected('envCommand'),
    ),
  ],
  expected('envCommand'),
);

export const envCommandSchema = z.union(
  [envCommandEntrySchema, z.array(envCommandEntrySchema, expected('envCommand'))],
  expected('envCommand'),
);

export const envExcludeSchema = z.array(
  z.string(expected('envPattern')).check(z.regex(/^[^=\s\0]+$/, expected('envPattern'))),
  expected('envPatterns'),
);

export const portSchema = z.union(
  [
    z.int(expected('port')).check(z.gte(1, expected('port')), z.lte(65_535, expected('port'))),
    z.string(expected('port')).check(z.regex(AUTO_OR_VARIABLE, expected('port'))),
  ],
  expected('port'),
);
