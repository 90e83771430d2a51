import * as z from 'zod/mini';
import { DEFAULTS } from './defaults.ts';
import { wholeNumber } from './schemaNumbers.ts';
import { expected, field } from './schemaParts.ts';
import { PERCENT_PATTERN, SIZE_PATTERN } from './size.ts';

const sizeSchema = z.string(expected('size')).check(z.regex(SIZE_PATTERN, expected('size')));
const percentSchema = z
  .string(expected('percent'))
  .check(z.regex(PERCENT_PATTERN, expected('percent')));
const countSchema = wholeNumber('limit', 1);

export const limitsSchema = z.strictObject(
  {
    memory: field(sizeSchema, {
      typeText: 'size',
      description: 'Of the whole process tree.',
      examples: ['512MB', '1.5GiB'],
    }),
    cpu: field(percentSchema, {
      typeText: 'percent of one core',
      description: 'Of the whole process tree; `150%` is one and a half cores.',
      examples: ['150%'],
    }),
    open_files: field(countSchema, {
      typeText: 'integer from 1',
      description: 'Files that each process of the tree can have open at once.',
      examples: [4096],
    }),
    processes: field(countSchema, {
      typeText: 'integer from 1',
      description: 'Processes and threads of the tree.',
      examples: [200],
    }),
    io_weight: field(wholeNumber('weight', 1, 10_000), {
      typeText: 'integer from 1 to 10000',
      defaultText: '100, as everything else has',
      description: 'Its share of disk input and output where several want it.',
      examples: [50],
    }),
    on_limit: field(z.enum(['report', 'restart', 'stop'], expected('choice')), {
      typeText: '`report`, `restart` or `stop`',
      default: DEFAULTS.onLimit,
      description: 'What happens beyond a limit that the system itself does not hold.',
    }),
  },
  expected('map'),
);

export const loggingSchema = z.strictObject(
  {
    max_size: field(sizeSchema, {
      typeText: 'size',
      default: DEFAULTS.logMaxSize,
      description: 'A log file that has grown to this is followed by another.',
    }),
    max_files: field(wholeNumber('count', 1, 1000), {
      typeText: 'integer from 1',
      default: DEFAULTS.logMaxFiles,
      description: 'Files of that size that are kept, over all runs.',
    }),
    format: field(z.enum(['text', 'json'], expected('choice')), {
      typeText: '`text` or `json`',
      default: DEFAULTS.logFormat,
      description:
        'With `json` each line is a JSON object, and is shown as text with level, time and message.',
    }),
  },
  expected('map'),
);

export type RawLimits = z.infer<typeof limitsSchema>;
export type RawLogging = z.infer<typeof loggingSchema>;
