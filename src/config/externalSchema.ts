import * as z from 'zod/mini';
import { wholeNumber } from './schemaNumbers.ts';
import { expected, field, textSchema } from './schemaParts.ts';

/** The ways to find the program of an external; `find` has exactly one. */
export const FIND_KINDS = ['port', 'pid_file', 'command'] as const;

export const findSchema = z.strictObject(
  {
    port: field(z.union([wholeNumber('tcp', 1, 65_535), textSchema], expected('tcp')), {
      typeText: 'integer',
      description: 'Who listens on this port.',
      examples: [5432],
    }),
    pid_file: field(textSchema, {
      typeText: 'path',
      description: 'Whose PID stands in this file, relative to the workspace folder.',
      examples: ['/run/postgresql/main.pid'],
    }),
    command: field(textSchema, {
      typeText: 'regular expression',
      description: 'Whose command line matches.',
      examples: ['postgres -D .*/data'],
    }),
  },
  expected('find'),
);

export type RawFind = z.infer<typeof findSchema>;
