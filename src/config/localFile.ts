import { extname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { isMap } from 'yaml';
import { buildIndex, type ConfigIndex, EMPTY_INDEX } from './configIndex.ts';
import { Diagnostics } from './diagnostics.ts';
import { readTextFile } from './readTextFile.ts';
import { SourceText } from './sourceText.ts';
import { parseYaml } from './yamlDocument.ts';
import { YamlNodes } from './yamlNodes.ts';
import { YamlTree } from './yamlTree.ts';

/** The file for personal changes, which is laid over the main one. */
export interface LocalFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Where things stand in it. */
  readonly index: ConfigIndex;
}

/** Where the local file of a configuration file may be, the first that is there counts. Absolute. */
export function localPaths(configPath: string): readonly string[] {
  const extension = extname(configPath);
  const base = configPath.slice(0, configPath.length - extension.length);
  return [...new Set([extension, '.yaml', '.yml'])].map((end) => `${base}.local${end}`);
}

/** The local file as it was read. */
export interface LocalReading {
  readonly file: LocalFile;
  /** Undefined if there is nothing in it to lay over another. */
  readonly nodes: YamlNodes | undefined;
  /** If not, it may mean something else than its author thinks. */
  readonly isReadable: boolean;
}

/** Reads the local file, if there is one. `edited` takes the place of what is on disk. */
export async function readLocalFile(
  paths: readonly string[],
  edited: Pick<LocalFile, 'path' | 'text'> | undefined,
  diagnostics: Diagnostics,
): Promise<LocalReading | undefined> {
  const found = edited ?? (await firstText(paths, diagnostics));
  if (found === undefined) return undefined;
  // Of its own, to tell its errors from those of the main file.
  const own = new Diagnostics();
  const source = new SourceText(found.text, found.path);
  const root = await parseYaml(source, own);
  const isWellFormed = !own.hasErrors;
  diagnostics.take(own);
  if (root === undefined) {
    return { file: { ...found, index: EMPTY_INDEX }, nodes: undefined, isReadable: isWellFormed };
  }
  const nodes = new YamlNodes(source, root, diagnostics);
  const tree = new YamlTree(nodes, diagnostics);
  const isMapped = isMap(nodes.follow(root));
  if (!isMapped) {
    const message = l10n.t('A local file must be a map with fields of "{0}".', 'dev-env.yaml');
    diagnostics.error('wrong-type', message, tree.firstLine(tree.rangeOf(root)));
  }
  const isReadable = isWellFormed && nodes.isComplete && tree.value !== undefined && isMapped;
  const index = tree.value === undefined ? EMPTY_INDEX : buildIndex(tree);
  return { file: { ...found, index }, nodes, isReadable };
}

async function firstText(
  paths: readonly string[],
  diagnostics: Diagnostics,
): Promise<Pick<LocalFile, 'path' | 'text'> | undefined> {
  for (const path of paths) {
    const content = await readTextFile(path);
    if (content.kind === 'text') return { path, text: content.text };
    if (content.kind === 'missing') continue;
    const message = l10n.t("The local file can't be read: {0}.", content.reason);
    diagnostics.error('local-file-unreadable', message, new SourceText('', path).range(0, 0));
    return undefined;
  }
  return undefined;
}
