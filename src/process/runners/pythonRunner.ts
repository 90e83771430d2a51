import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { argumentsOption, type RunnerOptions, textOption, wrongOption } from './options.ts';
import { findPython } from './pythonInterpreter.ts';
import type { Runner } from './runner.ts';

/**
 * Calls a function that is named by arguments, which are never part of the code. What it returns is
 * the exit code if it is a whole number; what it throws is a traceback and exit code 1, as for any
 * script. A coroutine is run to its end. The directory of the process is where modules are found.
 */
const callFunction = `
import importlib, sys
module, path, args = sys.argv[1], sys.argv[2], sys.argv[3:]
sys.argv = [module + ':' + path] + args
target = importlib.import_module(module)
for name in path.split('.'):
    target = getattr(target, name)
result = target(*args)
if hasattr(result, '__await__'):
    import asyncio
    async def wait():
        return await result
    result = asyncio.run(wait())
if isinstance(result, int) and not isinstance(result, bool):
    sys.exit(result)
`;

const functionPattern = /^([^:\s]+):([^:\s]+)$/;

/** Runs a `script`, a `module` or a `function` with the Python of the folder. */
export const pythonRunner: Runner = {
  resolve(options, context) {
    const target = targetOf(options, context.workdir);
    const python = findPython(context, textOption(options, 'venv'));
    return {
      command: [python.path, ...target, ...argumentsOption(options)],
      env: python.env,
    };
  },
  describe(options) {
    const module = textOption(options, 'module');
    const target =
      textOption(options, 'script') ??
      (module === undefined ? (textOption(options, 'function') ?? '') : `-m ${module}`);
    return ['python', target, ...argumentsOption(options)].join(' ');
  },
};

function targetOf(options: RunnerOptions, workdir: string): string[] {
  const script = textOption(options, 'script');
  const module = textOption(options, 'module');
  const callable = textOption(options, 'function');
  if ([script, module, callable].filter((each) => each !== undefined).length !== 1) {
    throw wrongOption(l10n.t('Exactly one of {0} is needed.', 'script, module, function'));
  }
  // Absolute, so that a name that begins with a dash is no option.
  if (script !== undefined) return [path.resolve(workdir, script)];
  if (module !== undefined) return ['-m', module];
  const [, from, name] = functionPattern.exec(callable ?? '') ?? [];
  if (from === undefined || name === undefined) {
    throw wrongOption(l10n.t('"{0}" must be "package.module:callable".', 'function'));
  }
  return ['-c', callFunction, from, name];
}
