import * as l10n from '@vscode/l10n';
import { buildIndex, type ConfigIndex, EMPTY_INDEX } from './configIndex.ts';
import type { Diagnostics } from './diagnostics.ts';
import { type LocalFile, localPaths, readLocalFile } from './localFile.ts';
import { nextTurn } from './slices.ts';
import { SourceText } from './sourceText.ts';
import { parseYaml } from './yamlDocument.ts';
import { YamlNodes } from './yamlNodes.ts';
import { OverlaidNodes } from './yamlOverlay.ts';
import { YamlTree } from './yamlTree.ts';

/** What was read from the file and the local one. */
export interface ConfigTrees {
  /** Undefined if something of it can't be read, so that all of it may mean something else. */
  readonly tree: YamlTree | undefined;
  /** Of the main file. */
  readonly index: ConfigIndex;
  /** Of both files, in order. */
  readonly processNames: readonly string[];
  readonly local: LocalFile | undefined;
  readonly localPaths: readonly string[];
}

/** The text of a local file as it is being edited, in place of what is on disk. */
export type EditedLocal = Pick<LocalFile, 'path' | 'text'>;

export async function readTrees(
  text: string,
  configPath: string,
  edited: EditedLocal | undefined,
  diagnostics: Diagnostics,
): Promise<ConfigTrees> {
  const main = await readMain(new SourceText(text), diagnostics);
  const paths = localPaths(configPath);
  const local = await readLocalFile(paths, edited, diagnostics);
  const index = main.tree?.value === undefined ? EMPTY_INDEX : buildIndex(main.tree);
  const ofLocal = local?.file.index.processes.keys() ?? [];
  const processNames = [...new Set([...index.processes.keys(), ...ofLocal])];
  const isReadable = main.isReadable && local?.isReadable !== false;
  const tree = isReadable ? layLocal(main, local?.nodes, diagnostics) : undefined;
  return { tree, index, processNames, local: local?.file, localPaths: paths };
}

function layLocal(
  main: MainReading,
  local: YamlNodes | undefined,
  diagnostics: Diagnostics,
): YamlTree | undefined {
  if (main.tree?.value === undefined || main.nodes === undefined) return undefined;
  if (local === undefined) return main.tree;
  const laid = new YamlTree(new OverlaidNodes(main.nodes, local, diagnostics), diagnostics);
  return laid.value === undefined ? undefined : laid;
}

interface MainReading {
  readonly tree: YamlTree | undefined;
  readonly nodes: YamlNodes | undefined;
  readonly isReadable: boolean;
}

/** Behind a syntax error everything may mean something else than its author thinks. */
async function readMain(source: SourceText, diagnostics: Diagnostics): Promise<MainReading> {
  const root = await parseYaml(source, diagnostics);
  const isWellFormed = !diagnostics.hasErrors;
  if (root === undefined) {
    if (isWellFormed) {
      const message = l10n.t('The file is empty; name the processes under "processes:".');
      diagnostics.error('missing-key', message, source.range(0, 0));
    }
    return { tree: undefined, nodes: undefined, isReadable: false };
  }
  await nextTurn();
  const nodes = new YamlNodes(source, root, diagnostics);
  const tree = new YamlTree(nodes, diagnostics);
  return { tree, nodes, isReadable: isWellFormed && nodes.isComplete };
}
