import * as z from 'zod/mini';
import { ownFields } from './ownFields.ts';
import { runnerSchema } from './runnerSchemas.ts';
import { commandSchema, expected, field, fieldDocs, nameSchema } from './schemaParts.ts';
import { sharedFields } from './sharedFields.ts';

const runnerField = field(runnerSchema, {
  typeText: 'map with one key',
  description: 'What makes the command line, in place of `command`: `node`, `python`, or one that another extension brings.', // prettier-ignore
  examples: [{ node: 'server.js' }, { python: { module: 'http.server' } }],
});
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
  { command: commandField, runner: runnerField, ...ownFields, ...sharedFields },
  expected('process'),
);

/** An entry of the `processes` list. */
export const processEntrySchema = z.strictObject(
  { name: nameField, command: commandField, runner: runnerField, ...ownFields, ...sharedFields },
  expected('process'),
);

export const defaultsSchema = z.strictObject(sharedFields, expected('map'));

export type RawProcess = z.infer<typeof processBodySchema>;
export type RawDefaults = z.infer<typeof defaultsSchema>;
