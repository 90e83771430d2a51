import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { buildIndex, type ConfigIndex } from './configIndex.ts';
import { type EditedLocal, readTrees } from './configTrees.ts';
import { DEFAULTS, LIMITS } from './defaults.ts';
import { readDependencies } from './dependencies.ts';
import { Diagnostics } from './diagnostics.ts';
import { readEnvCommands } from './envCommands.ts';
import { excluder } from './envExclude.ts';
import { EnvFiles } from './envFile.ts';
import { fromHost, fromMap, layered, type Lookup, readEnv, without } from './envLayers.ts';
import { FieldReader } from './fieldReader.ts';
import type { LocalFile } from './localFile.ts';
import type { ConfigDiagnostic, EnvironmentModel, ProcessModel } from './model.ts';
import { checkNames } from './names.ts';
import { type AssignPort, readPorts } from './ports.ts';
import { checkProfiles } from './profiles.ts';
import { sharedEnv } from './processEnv.ts';
import { processEntries, type ProcessEntry } from './processEntry.ts';
import { readProcess, type SharedContext } from './processModel.ts';
import type { RawFile } from './schema.ts';
import { checkSchema } from './schemaCheck.ts';
import { groupsOf, nextTurn, SLICE } from './slices.ts';
import type { YamlTree } from './yamlTree.ts';

/** A file with more bytes than this is refused unread. */
export const maxConfigBytes = LIMITS.fileBytes;

export interface LoadInput {
  readonly text: string;
  /** Absolute. */
  readonly configPath: string;
  /** The workspace folder: where relative paths start. Absolute. */
  readonly folder: string;
  /** The local file as it is being edited, in place of what is on disk. */
  readonly local?: EditedLocal;
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
  /** In the order of the text, those of the local file last. */
  readonly diagnostics: readonly ConfigDiagnostic[];
  /** Where things stand in the main file. */
  readonly index: ConfigIndex;
  /** Of all processes, in order, as far as they could be read. */
  readonly processNames: readonly string[];
  /** The file for personal changes (`dev-env.local.yaml`) that was laid over the main one. */
  readonly local: LocalFile | undefined;
  /** Where such a file is or may be. Absolute. */
  readonly localPaths: readonly string[];
  /** The env files that were read or looked for, absolute, also when there is no model. */
  readonly envFiles: readonly string[];
  /** All files beside the main one whose change is a change of the result. Absolute. */
  readonly otherFiles: readonly string[];
}

/**
 * Reads a `dev-env.yaml`: everything that is wrong with it at once, each at its place, or the
 * environment it describes. Takes bounded time for any text, and never rejects.
 */
export async function loadConfig(input: LoadInput): Promise<LoadResult> {
  const diagnostics = new Diagnostics();
  const envFiles = new EnvFiles(input.folder);
  const trees = await readTrees(input.text, input.configPath, input.local, diagnostics);
  const result = (model?: EnvironmentModel): LoadResult => ({
    model: diagnostics.hasErrors ? undefined : model,
    diagnostics: diagnostics.list(),
    index: trees.index,
    processNames: trees.processNames,
    local: trees.local,
    localPaths: trees.localPaths,
    envFiles: envFiles.paths,
    otherFiles: [...trees.localPaths, ...envFiles.paths],
  });
  const { tree } = trees;
  if (tree === undefined) return result();
  checkNames(tree, diagnostics);
  const file = await checkSchema(tree, diagnostics);
  const entries = file === undefined ? [] : processEntries(file);
  if (file === undefined || isTooMany(entries, tree, diagnostics)) return result();
  // Not that of the result, which is of the main file alone.
  const index = trees.local === undefined ? trees.index : buildIndex(tree);
  return result(await readModel(input, file, entries, { tree, diagnostics, index, envFiles }));
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
  const readerWith = (
    ports: ReadonlyMap<string, number | undefined>,
    into: Diagnostics,
  ): ((env: Lookup, process: string | undefined) => FieldReader) => {
    const budget = { length: LIMITS.filledLength };
    return (env, process) =>
      new FieldReader(tree, into, { env, workspaceFolder: folder, process, ports }, budget);
  };

  checkProfiles(file.default_profiles ?? [], entries, tree, diagnostics);
  const dependencies = readDependencies(entries, index, tree, diagnostics);
  await nextTurn();
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
    statOf: statOnce(),
    readerFor,
  };
  return {
    folder,
    configPath,
    autostart,
    onStartFailure: file.on_start_failure ?? DEFAULTS.onStartFailure,
    processes: await readProcesses(entries, context),
    activeProfiles: [...new Set(input.profiles ?? file.default_profiles)],
    envFiles: envFiles.paths,
  };
}

async function readProcesses(
  entries: readonly ProcessEntry[],
  context: SharedContext,
): Promise<ProcessModel[]> {
  const processes: ProcessModel[] = [];
  for (const group of groupsOf(entries, SLICE.processes)) {
    if (processes.length > 0) await nextTurn();
    processes.push(...(await Promise.all(group.map((entry) => readProcess(entry, context)))));
  }
  return processes;
}

/** Many processes are in the same few directories. */
function statOnce(): SharedContext['statOf'] {
  const known = new Map<string, Promise<Stats | undefined>>();
  return (path) => {
    const found = known.get(path) ?? stat(path).catch(() => undefined);
    known.set(path, found);
    return found;
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
  diagnostics.error('too-large', message, place.key ?? tree.firstLine(place.value));
  return true;
}
