import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import type { EnvironmentChange, ProcessSnapshot } from '../../controller/snapshot.ts';
import type { Environments, InFolder } from '../environments.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import { SteadyNumbers } from '../../monitor/steadyNumbers.ts';
import type { UsageWatch } from '../usageWatch.ts';
import { describeProcess } from '../words.ts';
import { Gathering } from '../gathering.ts';
import { groupItem } from './groupItem.ts';
import { grouped, shownIn } from './groups.ts';
import type { FolderNode, GroupNode, ProcessNode, TreeNode } from './nodes.ts';
import { folderItem, nodeId, processItem } from './processItem.ts';
import { processTooltip } from './processTooltip.ts';
import { usageRows } from './usageRows.ts';

/**
 * A start is several changes within a few milliseconds; they are drawn as one. VS Code draws at once
 * what comes after 200 ms of silence, and holds back all else until there is such a silence
 * (`extHostTreeViews.ts`): who tells it more often is not seen before everything is over.
 */
const drawTimes = { firstMs: 20, everyMs: 220 };

/** The processes of all environments as a tree: by folder when there are several, by group. */
export class ProcessTree implements vscode.TreeDataProvider<TreeNode>, Disposable {
  readonly #environments: Environments;
  readonly #clock: Clock;
  readonly #store = new DisposableStore();
  readonly #nodes = new Map<string, TreeNode>();
  /** What each process was last drawn with, to find what time has changed. */
  readonly #drawn = new Map<ProcessNode, string>();
  readonly #changed = new Set<TreeNode>();
  readonly #numbers = new SteadyNumbers<ProcessNode>();
  #isVisible = true;
  #isAllChanged = false;
  readonly #drawing: Gathering;

  readonly #onDidChangeTreeData = this.#store.add(
    new vscode.EventEmitter<TreeNode | TreeNode[] | undefined>(),
  );
  readonly onDidChangeTreeData = this.#onDidChangeTreeData.event;

  constructor(environments: Environments, clock: Clock, usage: UsageWatch) {
    this.#environments = environments;
    this.#clock = clock;
    this.#store.add(environments.onDidChange((event) => this.#onChange(event)));
    this.#store.add(environments.onDidChangeStatus(() => this.#refreshAll()));
    this.#store.add(usage.onDidMeasure((environment) => this.#takeNumbers(environment)));
    this.#drawing = this.#store.add(new Gathering(clock, drawTimes, () => this.#draw()));
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node?.kind === 'process') return [];
    if (node?.kind === 'group') {
      return shownIn(node.name, processesOf(node)).map(({ name }) =>
        this.nodeOf(node.environment, name),
      );
    }
    if (node !== undefined) return this.#nodesIn(node.environment);
    const live = this.#environments.live();
    const [only] = live;
    if (live.length > 1) return live.map((environment) => this.#folderNode(environment));
    return only === undefined ? [] : this.#nodesIn(only);
  }

  getParent(node: TreeNode): TreeNode | undefined {
    const group = node.kind === 'process' ? this.#lookUp(node)?.groups[0] : undefined;
    if (group !== undefined) return this.#groupNode(node.environment, group);
    return node.kind !== 'folder' && this.#hasFolders
      ? this.#folderNode(node.environment)
      : undefined;
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    if (node.kind === 'folder') return folderItem(node);
    if (node.kind === 'group') return groupItem(node);
    const process = this.#lookUp(node);
    if (process === undefined) return new vscode.TreeItem(node.name);
    const item = processItem(node, process, this.#clock.now(), this.#numbersOf(node, process));
    this.#drawn.set(node, String(item.description));
    return item;
  }

  /** Called on hover only, so that a thousand processes do not make a thousand tooltips. */
  async resolveTreeItem(item: vscode.TreeItem, node: TreeNode): Promise<vscode.TreeItem> {
    if (node.kind !== 'process') return item;
    const { controller } = node.environment;
    const [uses, explanation] = await Promise.all([
      usageRows(controller?.usage, node.name),
      controller?.explain(node.name),
    ]);
    const process = this.#lookUp(node);
    if (process !== undefined)
      item.tooltip = processTooltip(process, this.#clock.now(), uses, explanation);
    return item;
  }

  /** Nothing is drawn while nobody can see it; what has changed meanwhile is drawn then. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (isVisible && (this.#isAllChanged || this.#changed.size > 0)) this.#refreshSoon();
  }

  /** The node of a process, for revealing it. */
  nodeOf(environment: FolderEnvironment, name: string): ProcessNode {
    return this.#remember({ kind: 'process', environment, name });
  }

  /** Draws again the processes whose words have changed by the passing of time alone. */
  refreshTimes(): void {
    const nowMs = this.#clock.now();
    const stale: TreeNode[] = [];
    for (const [node, text] of this.#drawn) {
      const process = this.#lookUp(node);
      if (process === undefined) this.#drawn.delete(node);
      else if (describeProcess(process, nowMs, this.#numbersOf(node, process)) !== text) {
        stale.push(node);
      }
    }
    if (stale.length > 0) this.#onDidChangeTreeData.fire(stale);
  }

  dispose(): void {
    this.#store.dispose();
  }

  get #hasFolders(): boolean {
    return this.#environments.live().length > 1;
  }

  #onChange({ environment, event }: InFolder<EnvironmentChange>): void {
    if (event.isStructural) {
      this.#refreshAll();
      return;
    }
    for (const name of event.names) {
      const node = this.nodeOf(environment, name);
      this.#changed.add(node);
      // A group counts all its members, also those that are shown in another one.
      for (const group of this.#lookUp(node)?.groups ?? []) {
        this.#changed.add(this.#groupNode(environment, group));
      }
    }
    if (this.#hasFolders) this.#changed.add(this.#folderNode(environment));
    this.#refreshSoon();
  }

  /** Draws those again whose numbers are no longer what is shown. */
  #takeNumbers(environment: FolderEnvironment): void {
    if (!this.#isVisible) return;
    let isAnyChanged = false;
    for (const node of this.#drawn.keys()) {
      if (node.environment !== environment) continue;
      if (!this.#numbers.take(node, environment.controller?.usage.of(node.name))) continue;
      this.#changed.add(node);
      isAnyChanged = true;
    }
    if (isAnyChanged) this.#refreshSoon();
  }

  #numbersOf(node: ProcessNode, process: ProcessSnapshot): readonly string[] {
    // What was measured of an earlier run says nothing of this one.
    const isCurrent = node.environment.controller?.usage.of(node.name)?.pids[0] === process.pid;
    return isCurrent ? this.#numbers.texts(node) : [];
  }

  #refreshAll(): void {
    this.#isAllChanged = true;
    this.#refreshSoon();
  }

  #refreshSoon(): void {
    if (this.#isVisible) this.#drawing.wish();
  }

  #draw(): void {
    const changed = [...this.#changed];
    const isAll = this.#isAllChanged;
    this.#changed.clear();
    this.#isAllChanged = false;
    if (isAll) this.#forgetGone();
    this.#onDidChangeTreeData.fire(isAll ? undefined : changed);
  }

  #forgetGone(): void {
    for (const [id, node] of this.#nodes) {
      if (node.kind !== 'process' || this.#lookUp(node) !== undefined) continue;
      this.#nodes.delete(id);
      this.#drawn.delete(node);
      this.#numbers.forget(node);
    }
  }

  #nodesIn(environment: FolderEnvironment): TreeNode[] {
    const { groups, ungrouped } = grouped(environment.controller?.processes() ?? []);
    return [
      ...groups.map((name) => this.#groupNode(environment, name)),
      ...ungrouped.map(({ name }) => this.nodeOf(environment, name)),
    ];
  }

  #groupNode(environment: FolderEnvironment, name: string): GroupNode {
    return this.#remember({ kind: 'group', environment, name });
  }

  #folderNode(environment: FolderEnvironment): FolderNode {
    return this.#remember({ kind: 'folder', environment });
  }

  /** The workbench knows nodes by identity: one process is one object. */
  #remember<T extends TreeNode>(node: T): T {
    const id = nodeId(node);
    const known = this.#nodes.get(id);
    if (known?.environment === node.environment) return known as T;
    this.#nodes.set(id, node);
    return node;
  }

  #lookUp(node: ProcessNode): ProcessSnapshot | undefined {
    return node.environment.controller?.process(node.name);
  }
}

function processesOf({ environment }: GroupNode): readonly ProcessSnapshot[] {
  return environment.controller?.processes() ?? [];
}
