import * as vscode from 'vscode';
import type { ProcessSnapshot } from '../../controller/snapshot.ts';
import { contextValue, count } from '../processFacts.ts';
import { describeProcess, speakProcess } from '../words.ts';
import { dimmedUri } from './dimming.ts';
import type { FolderNode, ProcessNode, TreeNode } from './nodes.ts';
import { processIcon } from './processIcon.ts';

/** Stable across reloads, so that selection and expansion are kept. */
export function nodeId(node: TreeNode): string {
  const folder = node.environment.folder.uri.toString();
  switch (node.kind) {
    case 'folder':
      return folder;
    case 'group':
      return `${folder}?${node.name}`;
    case 'process':
      return `${folder}#${node.name}`;
  }
}

export function processItem(
  node: ProcessNode,
  process: ProcessSnapshot,
  nowMs: number,
  numbers: readonly string[],
): vscode.TreeItem {
  const item = new vscode.TreeItem(process.name, vscode.TreeItemCollapsibleState.None);
  item.id = nodeId(node);
  item.description = describeProcess(process, nowMs, numbers);
  item.iconPath = processIcon(process);
  item.contextValue = contextValue(process);
  if (!process.isInActiveProfiles) item.resourceUri = dimmedUri(item.id);
  item.accessibilityInformation = {
    label: speakProcess(process, nowMs, numbers),
    role: 'treeitem',
  };
  return item;
}

export function folderItem(node: FolderNode): vscode.TreeItem {
  const { folder, controller } = node.environment;
  const item = new vscode.TreeItem(folder.name, vscode.TreeItemCollapsibleState.Expanded);
  const { well, total } = count(controller?.processes() ?? []);
  item.id = nodeId(node);
  item.description = `${well}/${total}`;
  item.iconPath = vscode.ThemeIcon.Folder;
  item.tooltip = node.environment.configPath ?? folder.uri.fsPath;
  item.contextValue = '.folder.';
  item.accessibilityInformation = {
    label: vscode.l10n.t('{0}, {1} of {2} up', folder.name, well, total),
    role: 'treeitem',
  };
  return item;
}
