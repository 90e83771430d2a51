import * as vscode from 'vscode';
import { type Ability, abilities, count } from '../processFacts.ts';
import { membersOf } from './groups.ts';
import type { GroupNode } from './nodes.ts';
import { nodeId } from './processItem.ts';

/**
 * What can be done with a group is what can be done with one of its members. The tokens are not
 * those of processes, whose commands are not for groups.
 */
const ofGroups: readonly (readonly [Ability, token: string])[] = [
  ['canStart', 'canStartGroup'],
  ['canStop', 'canStopGroup'],
  ['canRestart', 'canRestartGroup'],
];

export function groupItem(node: GroupNode): vscode.TreeItem {
  const members = membersOf(node.name, node.environment.controller?.processes() ?? []);
  const { well, total, failed } = count(members);
  const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = nodeId(node);
  item.description = describeGroup(well, total, failed);
  item.iconPath = new vscode.ThemeIcon('layers');
  item.tooltip = members.map(({ name }) => name).join(', ');
  const can = ofGroups
    .filter(([ability]) => members.some((member) => abilities(member).has(ability)))
    .map(([, token]) => token);
  item.contextValue = `.${['group', ...can].join('.')}.`;
  item.accessibilityInformation = {
    label: spoken(node.name, well, total, failed),
    role: 'treeitem',
  };
  return item;
}

/** `2/3 up`, `2/3 up, 1 failed`. */
export function describeGroup(well: number, total: number, failed: number): string {
  const up = vscode.l10n.t('{0}/{1} up', well, total);
  return failed === 0 ? up : `${up}, ${vscode.l10n.t('{0} failed', failed)}`;
}

function spoken(name: string, well: number, total: number, failed: number): string {
  const up = vscode.l10n.t('{0}, group, {1} of {2} up', name, well, total);
  return failed === 0 ? up : `${up}, ${vscode.l10n.t('{0} failed', failed)}`;
}
