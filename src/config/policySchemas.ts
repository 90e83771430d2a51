import * as z from 'zod/mini';
import { DEFAULTS } from './defaults.ts';
import { numberBetween, wholeNumber } from './schemaNumbers.ts';
import { commandSchema, durationSchema, expected, field, SIGNALS } from './schemaParts.ts';

export const policySchema = z.enum(
  ['never', 'on-failure', 'always', 'unless-stopped'],
  expected('choice'),
);

const breakerSchema = z.strictObject(
  {
    failures: field(wholeNumber('count', 1, 1000), {
      typeText: 'integer from 1',
      default: DEFAULTS.breaker.failures,
      description: 'So many failures …',
    }),
    window: field(durationSchema, {
      typeText: 'duration',
      default: DEFAULTS.breaker.window,
      description: '… within this time end the restarts,',
    }),
    cool_down: field(durationSchema, {
      typeText: 'duration',
      default: DEFAULTS.breaker.coolDown,
      description: 'for this long, or until you start it.',
    }),
  },
  expected('breaker'),
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
        [wholeNumber('retries', 0), z.literal('unlimited', expected('retries'))],
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
    backoff: field(numberBetween('factor', 1, 100), {
      typeText: 'number, at least 1',
      default: DEFAULTS.backoff,
      description: 'Factor by which the wait grows with each restart in a row; 1 for an even wait.',
    }),
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
    jitter: field(numberBetween('jitter', 0, 1), {
      typeText: 'number from 0 to 1',
      default: DEFAULTS.jitter,
      description:
        'Each wait is made longer or shorter at random by up to this part of it, so that not all come back at once.',
    }),
    breaker: field(
      z.union([breakerSchema, z.literal(false, expected('breaker'))], expected('breaker')),
      {
        typeText: '`{ failures, window, cool_down }` or `false`',
        default: { failures: 5, window: '60s', cool_down: '5m' },
        description:
          'After so many failures within this time it is not restarted any more, until the cool-down is over or you start it.',
      },
    ),
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

export type RawRestart = z.infer<typeof restartSchema>;
