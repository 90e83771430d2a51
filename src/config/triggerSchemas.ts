import * as z from 'zod/mini';
import { DEFAULTS } from './defaults.ts';
import {
  durationSchema,
  expected,
  field,
  fieldDocs,
  flagSchema,
  textSchema,
} from './schemaParts.ts';

const cronDocs = {
  typeText: 'cron expression',
  description:
    'Minute, hour, day of the month, month, day of the week; with six fields, seconds come first.',
  examples: ['*/5 * * * *'],
};

export const scheduleMapSchema = z.strictObject(
  {
    cron: z
      .string(expected('text'))
      .check(z.minLength(1, expected('text')))
      .register(fieldDocs, cronDocs),
    timezone: field(textSchema, {
      typeText: 'IANA name',
      defaultText: "the machine's own",
      description: 'The time zone the expression is meant in.',
      examples: ['Europe/Berlin'],
    }),
    overlap: field(z.enum(['skip', 'queue', 'replace'], expected('choice')), {
      typeText: '`skip`, `queue` or `replace`',
      default: DEFAULTS.overlap,
      description:
        'When a time comes while the last run is not over: leave this one out, run after it, or in its place.',
    }),
  },
  expected('schedule'),
);

export const scheduleSchema = z.union([textSchema, scheduleMapSchema], expected('schedule'));

const globsSchema = z.array(textSchema, expected('globs')).check(z.minLength(1, expected('globs')));

export const watchMapSchema = z.strictObject(
  {
    paths: z
      .array(textSchema, expected('globs'))
      .check(z.minLength(1, expected('globs')))
      .register(fieldDocs, {
        typeText: 'list of globs',
        description: 'Files whose change counts, relative to the directory of the process.',
        examples: [['src/**/*.ts', 'config.json']],
      }),
    ignore: field(z.array(textSchema, expected('globs')), {
      typeText: 'list of globs',
      description: 'Files that do not count; a name without a slash is meant at any depth.',
      examples: [['*.test.ts']],
    }),
    debounce: field(durationSchema, {
      typeText: 'duration',
      default: DEFAULTS.debounce,
      description: 'This long after the last change it is restarted.',
    }),
    gitignore: field(flagSchema, {
      typeText: 'boolean',
      default: DEFAULTS.gitignore,
      description: 'Leave out files that git ignores.',
    }),
  },
  expected('watch'),
);

export const watchSchema = z.union([globsSchema, watchMapSchema], expected('watch'));

export type RawSchedule = z.infer<typeof scheduleSchema>;
export type RawWatch = z.infer<typeof watchSchema>;
