import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { findCommand } from '../findCommand.ts';
import { argumentsOption, textOption, wrongOption } from './options.ts';
import type { Runner } from './runner.ts';

/** The program that runs this code: the editor, or a Node. */
export interface OwnNode {
  readonly execPath: string;
  /** Does it run scripts only when told to? */
  readonly isElectron: boolean;
}

const ownNode: OwnNode = {
  execPath: process.execPath,
  isElectron: process.versions['electron'] !== undefined,
};

/** Runs `script` with the Node on the child's PATH, or with the editor's own where there is none. */
export function createNodeRunner({ execPath, isElectron }: OwnNode = ownNode): Runner {
  return {
    resolve(options, { workdir, env }) {
      const script = textOption(options, 'script');
      if (script === undefined) throw wrongOption(l10n.t('"{0}" is missing.', 'script'));
      // Absolute, so that a name that begins with a dash is no option.
      const args = [path.resolve(workdir, script), ...argumentsOption(options)];
      const installed = findNode(workdir, env);
      if (installed !== undefined) return { command: [installed, ...args] };
      return {
        command: [execPath, ...args],
        ...(isElectron ? { env: { ELECTRON_RUN_AS_NODE: '1' } } : {}),
      };
    },
    describe: (options) =>
      ['node', textOption(options, 'script') ?? '', ...argumentsOption(options)].join(' '),
  };
}

function findNode(workdir: string, env: Readonly<Record<string, string>>): string | undefined {
  try {
    return findCommand('node', workdir, env);
  } catch {
    return undefined;
  }
}
