import * as l10n from '@vscode/l10n';
import { DevEnvError } from '../../base/errors.ts';

/** The options of a runner, as they are in the file or come from another extension: anything. */
export type RunnerOptions = Readonly<Record<string, unknown>>;

/** @throws DevEnvError `runner-options` when it is there and no text */
export function textOption(options: RunnerOptions, name: string): string | undefined {
  const value = options[name];
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw wrongOption(l10n.t('"{0}" must be a text.', name));
}

/** @throws DevEnvError `runner-options` when it is there and no list of texts and numbers */
export function argumentsOption(options: RunnerOptions, name = 'args'): string[] {
  const value = options[name] ?? [];
  if (!Array.isArray(value)) throw wrongOption(l10n.t('"{0}" must be a list.', name));
  return value.map((item: unknown) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'number' || typeof item === 'boolean') return String(item);
    throw wrongOption(l10n.t('"{0}" must be a list of texts.', name));
  });
}

export function wrongOption(message: string): DevEnvError {
  return new DevEnvError('runner-options', message);
}
