import { DevEnvError, errorMessage, systemErrorCode } from '../base/errors.ts';
import { loadConfig, type LoadResult, maxConfigBytes } from '../config/load.ts';
import { readTextUpTo } from '../config/locateConfig.ts';
import type { EnvironmentModel } from '../config/model.ts';
import { PortBook } from '../store/portBook.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { type Context, note } from './context.ts';
import { CliError, exitCodes } from './exitCodes.ts';
import { formatDiagnostic } from './formatDiagnostic.ts';
import type { Place } from './place.ts';
import { plain, type Style } from './style.ts';

/** The file as it was read, with what is wrong with it. */
export interface ReadFile {
  readonly text: string;
  readonly result: LoadResult;
}

/**
 * Reads the file. Without a state folder a port that is left to us is not chosen, only stood in for.
 * @throws CliError when it cannot be read
 */
export async function readConfig(
  { folder, configPath }: Place,
  stateFolder: StateFolder | undefined,
): Promise<ReadFile> {
  const text = await readTextUpTo(configPath, maxConfigBytes + 1).catch((error: unknown) => {
    const isMissing = systemErrorCode(error) === 'ENOENT';
    throw new CliError(
      exitCodes.config,
      isMissing ? `There is no ${configPath}.` : `${configPath}: ${errorMessage(error)}`,
      error,
    );
  });
  const assignPort = stateFolder === undefined ? standInPorts() : await bookedPorts(stateFolder);
  const result = await loadConfig({ text, configPath, folder, hostEnv: process.env, assignPort });
  return { text, result };
}

/** What is wrong with the file, as text; empty when nothing is. */
export function formatDiagnostics({ text, result }: ReadFile, path: string, style: Style): string {
  return result.diagnostics
    .map((diagnostic) =>
      diagnostic.file === undefined
        ? formatDiagnostic(diagnostic, { path, text, style })
        : formatDiagnostic(diagnostic, {
            path: diagnostic.file,
            text: result.local?.text ?? '',
            style,
          }),
    )
    .join('\n');
}

/**
 * The model of the file as it is now, for a program that nobody looks at.
 * @throws DevEnvError `config-invalid`, with what is wrong
 */
export async function reloadModel(
  { place, profiles }: Context,
  stateFolder: StateFolder,
): Promise<EnvironmentModel> {
  const read = await readConfig(place, stateFolder).catch((error: unknown) => {
    throw new DevEnvError('config-invalid', errorMessage(error), {}, error);
  });
  const { model } = read.result;
  if (model !== undefined) return withProfiles(model, profiles);
  throw new DevEnvError('config-invalid', formatDiagnostics(read, place.configPath, plain));
}

function withProfiles(model: EnvironmentModel, profiles: readonly string[]): EnvironmentModel {
  return { ...model, activeProfiles: [...model.activeProfiles, ...profiles] };
}

/**
 * The model, with what the person chose on the command line. Warnings are shown and let pass.
 * @throws CliError when the file has errors, after they were shown
 */
export async function loadModel(
  context: Context,
  stateFolder: StateFolder,
): Promise<EnvironmentModel> {
  const { place, profiles, errorStyle } = context;
  const read = await readConfig(place, stateFolder);
  const shown = formatDiagnostics(read, place.configPath, errorStyle);
  if (shown !== '') note(shown);
  const { model } = read.result;
  if (model === undefined) {
    throw new CliError(exitCodes.config, `${place.configPath} has errors.`);
  }
  return withProfiles(model, profiles);
}

async function bookedPorts(stateFolder: StateFolder): Promise<(name: string) => Promise<number>> {
  const book = await PortBook.open(stateFolder);
  return (name) => book.assign(name);
}

/** Different from one another, so that they are no conflict; nobody listens on them. */
function standInPorts(): (name: string) => Promise<number> {
  let next = 65_535;
  return () => Promise.resolve(next--);
}
