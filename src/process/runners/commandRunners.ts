import * as l10n from '@vscode/l10n';
import { argumentsOption, textOption, wrongOption } from './options.ts';
import type { Runner } from './runner.ts';

/** Runs `command` in the shell, as a `command` that is a string does. */
export const shellRunner: Runner = {
  resolve(options) {
    const command = textOption(options, 'command');
    if (command === undefined) throw wrongOption(l10n.t('"{0}" is missing.', 'command'));
    return { command };
  },
  describe: (options) => textOption(options, 'command') ?? '',
};

/** Runs the program `args[0]` with the other arguments, as a `command` that is a list does. */
export const argvRunner: Runner = {
  resolve(options) {
    const [file, ...args] = argumentsOption(options);
    if (file === undefined) throw wrongOption(l10n.t('"{0}" is missing.', 'args'));
    return { command: [file, ...args] };
  },
  describe: (options) => argumentsOption(options).join(' '),
};
