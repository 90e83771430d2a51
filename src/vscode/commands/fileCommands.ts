import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { systemErrorCode } from '../../base/errors.ts';
import type { Environments } from '../environments.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import { candidatePaths } from '../../config/locateConfig.ts';
import { configFileSetting } from '../settings.ts';
import { isTreeNode } from '../tree/nodes.ts';
import type { ConfigDocuments } from '../yaml/configDocuments.ts';
import { toRange } from '../yaml/ranges.ts';
import type { CommandHandlers } from './registerCommands.ts';
import type { Targets } from './targets.ts';

type FileCommand = 'devEnv.goToDefinition' | 'devEnv.openConfigFile' | 'devEnv.createConfigFile';

export interface FileCommandServices {
  readonly environments: Environments;
  readonly targets: Targets;
  readonly documents: ConfigDocuments;
  /** The example that a new file is made from. */
  readonly examplePath: string;
}

/** Commands about the configuration file itself. */
export function fileCommands(services: FileCommandServices): Pick<CommandHandlers, FileCommand> {
  const { environments, targets, documents, examplePath } = services;
  return {
    'devEnv.goToDefinition': async (...args) => {
      const question = vscode.l10n.t('Go to the definition of which process?');
      const ref = await targets.process(args, undefined, question);
      const path = ref?.environment.configPath;
      if (ref === undefined || path === undefined) return;
      const document = await vscode.workspace.openTextDocument(path);
      const index = (await documents.analyse(document))?.index;
      const place = index?.processes.get(ref.name);
      const selection = place === undefined ? undefined : toRange(place.nameRange);
      await vscode.window.showTextDocument(document, selection && { selection });
    },
    'devEnv.openConfigFile': async (...args) => {
      const withFile = environments.all().filter(({ configPath }) => configPath !== undefined);
      const environment = isTreeNode(args[0])
        ? args[0].environment
        : await pickEnvironment(withFile);
      if (environment?.configPath === undefined) return;
      await vscode.window.showTextDocument(vscode.Uri.file(environment.configPath));
    },
    'devEnv.createConfigFile': async () => {
      const environment = await pickEnvironment(environments.all());
      if (environment === undefined) return;
      const path = environment.configPath ?? newFilePath(environment);
      if (path === undefined) return;
      await makeFrom(examplePath, path);
      await vscode.window.showTextDocument(vscode.Uri.file(path));
    },
  };
}

function newFilePath({ folder }: FolderEnvironment): string | undefined {
  return candidatePaths(folder.uri.fsPath, configFileSetting(folder))[0];
}

/** A file that is there already is opened, never written over. */
async function makeFrom(examplePath: string, path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await readFile(examplePath), { flag: 'wx' });
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
}

async function pickEnvironment(
  among: readonly FolderEnvironment[],
): Promise<FolderEnvironment | undefined> {
  if (among.length <= 1) return among[0];
  const items = among.map((environment) => ({
    label: environment.folder.name,
    description: environment.configPath ?? environment.folder.uri.fsPath,
    environment,
  }));
  const placeHolder = vscode.l10n.t('In which folder?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.environment;
}
