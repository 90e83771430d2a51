import { realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { defaultFileNames } from '../config/locateConfig.ts';
import { CliError, exitCodes } from './exitCodes.ts';

/** What a command is about. */
export interface Place {
  /** Where the environment is at home. Absolute. */
  readonly folder: string;
  /** The file; it may not exist when it was named. Absolute. */
  readonly configPath: string;
}

export interface PlaceOptions {
  readonly file: string | undefined;
  readonly folder: string | undefined;
}

/**
 * The file that is meant: the named one, or `dev-env.yaml` in this folder or the nearest one above.
 * @throws CliError when there is none
 */
export function findPlace({ file, folder }: PlaceOptions, cwd: string): Place {
  if (file !== undefined) {
    const configPath = resolve(cwd, file);
    return { folder: resolve(cwd, folder ?? dirname(configPath)), configPath };
  }
  if (folder !== undefined) {
    const named = resolve(cwd, folder);
    const found = fileIn(named);
    if (found === undefined) throw missing(named, '');
    return { folder: named, configPath: found };
  }
  for (let at = cwd; ; at = dirname(at)) {
    const found = fileIn(at);
    if (found !== undefined) return { folder: realpathSync(at), configPath: found };
    if (dirname(at) === at) throw missing(cwd, ' or a folder above it');
  }
}

function fileIn(folder: string): string | undefined {
  return defaultFileNames
    .map((name) => join(folder, name))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

function missing(folder: string, also: string): CliError {
  return new CliError(
    exitCodes.config,
    `There is no ${defaultFileNames[0]} in ${folder}${also}. Name one with --file.`,
  );
}
