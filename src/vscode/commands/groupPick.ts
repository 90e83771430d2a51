import * as vscode from 'vscode';
import type { ProcessSnapshot } from '../../controller/snapshot.ts';
import { groupNames } from '../../controller/targets.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import { count } from '../processFacts.ts';
import { describeGroup } from '../tree/groupItem.ts';
import { membersOf } from '../tree/groups.ts';

/** A group, named so that it can be started and stopped. */
export interface GroupRef {
  readonly environment: FolderEnvironment;
  readonly name: string;
}

export interface KnownGroup extends GroupRef {
  readonly members: readonly ProcessSnapshot[];
}

/** The groups of several environments, in the order of the tree. */
export function groupsOf(environments: readonly FolderEnvironment[]): readonly KnownGroup[] {
  return environments.flatMap((environment) => {
    const processes = environment.controller?.processes() ?? [];
    return groupNames(processes).map((name) => ({
      environment,
      name,
      members: membersOf(name, processes),
    }));
  });
}

/** Undefined when there is none to choose, which is said, or the person did not choose. */
export async function askForGroup(
  groups: readonly KnownGroup[],
  question: string,
  namesFolder: boolean,
): Promise<GroupRef | undefined> {
  if (groups.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no group this can be done with now.'),
    );
    return undefined;
  }
  const items = groups.map((group) => {
    const { well, total, failed } = count(group.members);
    const words = describeGroup(well, total, failed);
    return {
      group,
      label: `$(layers) ${group.name}`,
      description: namesFolder ? `${group.environment.folder.name} · ${words}` : words,
      detail: group.members.map(({ name }) => name).join(', '),
    };
  });
  const picked = await vscode.window.showQuickPick(items, { placeHolder: question });
  return picked?.group;
}
