import * as l10n from '@vscode/l10n';
import { buildIndex, type ConfigIndex, EMPTY_INDEX } from './configIndex.ts';
import { DEFAULTS, LIMITS } from './defaults.ts';
import { readDependencies } from './dependencies.ts';
import { Diagnostics } from './diagnostics.ts';
import { readEnvCommands } from './envCommands.ts';
import { excluder } from './envExclude.ts';
import { EnvFiles } from './envFile.ts';
import { fromHost, fromMap, layered, type Lookup, readEnv, without } from './envLayers.ts';
import { FieldReader } from './fieldReader.ts';
import type { ConfigDiagnostic, EnvironmentModel } from './model.ts';
import { checkNames } from './names.ts';
import { type AssignPort, readPorts } from './ports.ts';
import { checkProfiles } from './profiles.ts';
import { sharedEnv } from './processEnv.ts';
import { processEntries, type ProcessEntry } from './processEntry.ts';
import { readProcess, type SharedContext } from './processModel.ts';
import type { RawFile } from './schema.ts';
import { checkSchema } from './schemaCheck.ts';
import { SourceText } from './sourceText.ts';
import { parseYaml } from './yamlDocument.ts';
import { YamlTree } from './yamlTree.ts';

/** A file with more bytes than this is refused unread. */
export const maxConfigBytes = LIMITS.fileBytes;

export interface LoadInput {
  readonly text: string;
  /** Absolute. */
  readonly configPath: string;
  /** The workspace folder: where relative paths start. Absolute. */
  readonly folder: string;
  /** What processes inherit; variables of the file are looked up here last. */
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  /** The profiles that are active, in place of those that the file names. */
  readonly profiles?: readonly string[];
  /** For `port: auto`, which without it is an error. Asked for one process at a time. */
  readonly assignPort?: AssignPort;
}

export interface LoadResult {
  /** Undefined exactly if there is an error among the diagnostics. */
  readonly model: EnvironmentModel | undefined;
  /** In the order of the text. */
  readonly diagnostics: readonly ConfigDiagnostic[];
  readonly index: ConfigIndex;
  /** The env files that were read or looked for, absolute, also when there is no model. */
  readonly envFiles: readonly string[];
}

/**
 * Reads a `dev-env.yaml`: everything that is wrong with it at once, each at its place, or the
 * environment it describes. Takes bounded time for any text, and never rejects.
 */
export async function loadConfig(input: LoadInput): Promise<LoadResult> {
  const diagnostics = new Diagnostics();
  const envFiles = new EnvFiles(input.folder);
  const source = new SourceText(input.text);
  const root = parseYaml(source, diagnostics);
  if (root === undefined) {
    if (!diagnostics.hasErrors) {
      const message = l10n.t('The file is empty; name the processes under "processes:".');
      diagnostics.error('missing-key', message, source.range(0, 0));
    }
    return result(undefined, diagnostics, EMPTY_INDEX, envFiles);
  }
  const isWellFormed = !diagnostics.hasErrors;
  const tree = new YamlTree(source, root, diagnostics);
  if (tree.value === undefined) return result(undefined, diagnostics, EMPTY_INDEX, envFiles);
  const index = buildIndex(tree);
  // Behind a syntax error everything may mean something else than its author thinks.
  if (!isWellFormed || !tree.isComplete) {
    return result(undefined, diagnostics, index, envFiles);
  }
  checkNames(tree, diagnostics);
  const file = checkSchema(tree, diagnostics);
  const entries = file === undefined ? [] : processEntries(file);
  if (file === undefined || isTooMany(entries, tree, diagnostics)) {
    return result(undefined, diagnostics, index, envFiles);
  }
  const model = await readModel(input, file, entries, { tree, diagnostics, index, envFiles });
  return result(model, diagnostics, index, envFiles);
}

interface Work {
  readonly tree: YamlTree;
  readonly diagnostics: Diagnostics;
  readonly index: ConfigIndex;
  readonly envFiles: EnvFiles;
}

async function readModel(
  input: LoadInput,
  file: RawFile,
  entries: readonly ProcessEntry[],
  work: Work,
): Promise<EnvironmentModel> {
  const { tree, diagnostics, index, envFiles } = work;
  const { folder, configPath } = input;
  const exclude = file.env_exclude ?? [];
  const host = without(excluder(exclude), fromHost(input.hostEnv));
  const autostart = file.autostart ?? DEFAULTS.autostart;
  const readerWith =
    (ports: ReadonlyMap<string, number | undefined>, into: Diagnostics) =>
    (env: Lookup, process: string | undefined): FieldReader =>
      new FieldReader(tree, into, { env, workspaceFolder: folder, process, ports });

  checkProfiles(file.default_profiles ?? [], entries, tree, diagnostics);
  const dependencies = readDependencies(entries, index, tree, diagnostics);
  const noPorts = readerWith(new Map(), diagnostics);
  const shared = await envFiles.read(file.env_file, ['env_file'], noPorts(host, undefined));
  const below = layered(fromMap(shared), host);
  // A port may come from the top `env`, and a value there may hold a port: ports see those of its
  // values that need none, and what is wrong with the others is said in the second reading.
  const early = readEnv(file.env, ['env'], (above) =>
    readerWith(new Map(), new Diagnostics())(layered(above, below), undefined),
  );
  const ports = await readPorts(
    entries,
    noPorts(layered(fromMap(early), below), undefined),
    input.assignPort,
  );
  const readerFor = readerWith(ports, diagnostics);
  const values = readEnv(file.env, ['env'], (above) => readerFor(layered(above, below), undefined));
  const top = readerFor(layered(fromMap(values), below), undefined);
  const commands = readEnvCommands(file.env_command, ['env_command'], top);
  const context: SharedContext = {
    folder,
    env: sharedEnv({ files: shared, values, commands, exclude, host }),
    ports,
    dependencies,
    envFiles,
    autostart,
    readerFor,
  };
  return {
    folder,
    configPath,
    autostart,
    onStartFailure: file.on_start_failure ?? DEFAULTS.onStartFailure,
    processes: await Promise.all(entries.map((entry) => readProcess(entry, context))),
    activeProfiles: [...new Set(input.profiles ?? file.default_profiles)],
    envFiles: envFiles.paths,
  };
}

function isTooMany(
  entries: readonly ProcessEntry[],
  tree: YamlTree,
  diagnostics: Diagnostics,
): boolean {
  if (entries.length <= LIMITS.processes) return false;
  const message = l10n.t('There are more than {0} processes.', LIMITS.processes);
  const place = tree.nearest(['processes']);
  diagnostics.error('too-large', message, place.key ?? tree.source.firstLine(place.value));
  return true;
}

function result(
  model: EnvironmentModel | undefined,
  diagnostics: Diagnostics,
  index: ConfigIndex,
  envFiles: EnvFiles,
): LoadResult {
  return {
    model: diagnostics.hasErrors ? undefined : model,
    diagnostics: diagnostics.list(),
    index,
    envFiles: envFiles.paths,
  };
}
