import * as vscode from 'vscode';
import { DevEnvError } from '../../base/errors.ts';
import type { Environments, ProcessRef } from '../environments.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import { type Ability, abilities } from '../processFacts.ts';
import { processQuickPickItem } from '../status/processQuickPickItem.ts';
import { isTreeNode, type TreeNode } from '../tree/nodes.ts';
import { askForGroup, type GroupRef, groupsOf } from './groupPick.ts';

/** How links, key bindings and other extensions name a process: the folder by URI, path or name. */
export interface ProcessArgument {
  readonly folder?: string;
  readonly name: string;
}

/** Finds out what a command is to act on, from its arguments or by asking. */
export class Targets {
  readonly #environments: Environments;

  constructor(environments: Environments) {
    this.#environments = environments;
  }

  /**
   * The processes that the arguments name: tree items, a name, or `{ folder, name }`. Without any,
   * asks for one of those that have `ability`; undefined when the person did not choose.
   * @throws DevEnvError `unknown-process`
   */
  async processes(
    args: readonly unknown[],
    ability: Ability | undefined,
    question: string,
  ): Promise<readonly ProcessRef[] | undefined> {
    const [first] = args;
    if (first === undefined || first === null) return this.#ask(ability, question);
    if (typeof first === 'string') return [this.#find({ name: first })];
    if (isTreeNode(first)) return this.#ofNodes(first, args[1], ability);
    if (isProcessArgument(first)) return [this.#find(first)];
    throw new TypeError(vscode.l10n.t('A process is named by its name, or by folder and name.'));
  }

  /** One process; of several that were named, the first. */
  async process(
    args: readonly unknown[],
    ability: Ability | undefined,
    question: string,
  ): Promise<ProcessRef | undefined> {
    return (await this.processes(args, ability, question))?.[0];
  }

  /**
   * The group that the arguments name: its tree item, its name, or `{ folder, name }`. Without any,
   * asks for one with a member that has `ability`; undefined when the person did not choose.
   * @throws DevEnvError `unknown-process`
   */
  async group(
    args: readonly unknown[],
    ability: Ability,
    question: string,
  ): Promise<GroupRef | undefined> {
    const [first] = args;
    if (isTreeNode(first) && first.kind === 'group') return first;
    const known = groupsOf(this.#environments.live());
    if (first === undefined || first === null) {
      const fitting = known.filter(({ members }) =>
        members.some((member) => abilities(member).has(ability)),
      );
      return askForGroup(fitting, question, this.#environments.live().length > 1);
    }
    const { name, folder } = groupArgument(first);
    const among = folder === undefined ? undefined : this.#inFolder(folder);
    const found = known.find(
      (group) => group.name === name && among?.includes(group.environment) !== false,
    );
    if (found !== undefined) return found;
    throw new DevEnvError('unknown-process', vscode.l10n.t('There is no group "{0}".', name));
  }

  /** The environment of a folder item, or all. */
  environments(args: readonly unknown[]): readonly FolderEnvironment[] {
    const [first] = args;
    if (isTreeNode(first)) return [first.environment];
    const folder = folderArgument(first);
    return folder === undefined ? this.#environments.live() : this.#inFolder(folder);
  }

  #ofNodes(node: TreeNode, selection: unknown, ability: Ability | undefined): ProcessRef[] {
    const selected: unknown[] = Array.isArray(selection) ? selection : [];
    const nodes = selected.filter(isTreeNode);
    const isPartOfSelection = nodes.length > 1 && nodes.includes(node);
    const refs = (isPartOfSelection ? nodes : [node]).filter((one) => one.kind === 'process');
    return isPartOfSelection && ability !== undefined
      ? refs.filter((ref) => this.#can(ref, ability))
      : refs;
  }

  #can(ref: ProcessRef, ability: Ability): boolean {
    const process = ref.environment.controller?.process(ref.name);
    return process !== undefined && abilities(process).has(ability);
  }

  #find(argument: ProcessArgument): ProcessRef {
    const { folder, name } = argument;
    const among = folder === undefined ? this.#environments.live() : this.#inFolder(folder);
    const environment = among.find((one) => one.controller?.process(name) !== undefined);
    if (environment !== undefined) return { environment, name };
    throw new DevEnvError('unknown-process', vscode.l10n.t('There is no process "{0}".', name), {
      ...argument,
    });
  }

  #inFolder(folder: string): FolderEnvironment[] {
    return this.#environments
      .all()
      .filter(({ folder: { uri, name } }) => [uri.toString(), uri.fsPath, name].includes(folder));
  }

  async #ask(ability: Ability | undefined, question: string): Promise<ProcessRef[] | undefined> {
    const hasSeveral = this.#environments.live().length > 1;
    const items = this.#environments
      .processes()
      .filter(({ process }) => ability === undefined || abilities(process).has(ability))
      .map(({ ref, process }) => processQuickPickItem(ref, process, hasSeveral));
    if (items.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('There is no process this can be done with now.'),
      );
      return undefined;
    }
    const picked = await vscode.window.showQuickPick(items, {
      placeHolder: question,
      matchOnDescription: true,
    });
    return picked === undefined ? undefined : [picked.ref];
  }
}

function isProcessArgument(value: unknown): value is ProcessArgument {
  return (
    typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
  );
}

function groupArgument(value: unknown): ProcessArgument {
  if (typeof value === 'string') return { name: value };
  if (isProcessArgument(value)) return value;
  throw new TypeError(vscode.l10n.t('A group is named by its name, or by folder and name.'));
}

function folderArgument(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || !('folder' in value)) return undefined;
  return typeof value.folder === 'string' ? value.folder : undefined;
}
