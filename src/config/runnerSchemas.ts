import * as z from 'zod/mini';
import { argumentSchema, expected, field, textSchema } from './schemaParts.ts';

const argsField = field(z.array(argumentSchema, expected('args')), {
  typeText: 'list',
  description: 'Arguments.',
  examples: [['--watch', '8080']],
});

export const nodeRunnerSchema = z.strictObject(
  {
    script: field(textSchema, {
      typeText: 'path',
      description: 'The script, relative to the directory of the process.',
      examples: ['server.js'],
    }),
    args: argsField,
  },
  expected('node'),
);

export const pythonRunnerSchema = z.strictObject(
  {
    script: field(textSchema, {
      typeText: 'path',
      description: 'A script, relative to the directory of the process.',
      examples: ['worker.py'],
    }),
    module: field(textSchema, {
      typeText: 'name',
      description: 'A module, as `python -m` runs it.',
      examples: ['http.server'],
    }),
    function: field(textSchema, {
      typeText: '`package.module:callable`',
      description: 'A function, which needs no script of its own.',
      examples: ['shop.workers:main'],
    }),
    args: argsField,
    venv: field(textSchema, {
      typeText: 'path',
      defaultText: '`.venv` or `venv` in the directory of the process or the workspace folder',
      description: 'The virtual environment.',
    }),
  },
  expected('python'),
);

/** Exactly one key; others than these are runners of other extensions, and take any options. */
export const runnerSchema = z.catchall(
  z.object(
    {
      node: field(z.union([textSchema, nodeRunnerSchema], expected('node')), {
        typeText: 'script, or `{ script, args }`',
        description: "Runs a script with Node, or with the editor's own where none is installed.",
        examples: ['server.js', { script: 'server.js', args: ['--watch'] }],
      }),
      python: field(z.union([textSchema, pythonRunnerSchema], expected('python')), {
        typeText: 'script, or `{ script, module or function, args, venv }`',
        description:
          'Runs a script, module or function with Python, in the virtual environment if there is one.',
        examples: ['worker.py', { function: 'shop.workers:main' }],
      }),
    },
    expected('runner'),
  ),
  z.unknown(),
);

export type RawRunner = z.infer<typeof runnerSchema>;
