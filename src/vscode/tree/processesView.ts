import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import type { ProcessRef } from '../environments.ts';
import { processesViewId } from '../ids.ts';
import type { Overview, Summary } from '../overview.ts';
import type { TreeNode } from './nodes.ts';
import type { ProcessTree } from './processTree.ts';
import type { UsageWatch } from '../usageWatch.ts';

/** Uptimes are words of whole minutes; twice a minute is often enough to keep them true. */
const timeRefreshMs = 30_000;

/** The view around the tree: its badge, its message, and its clock while someone can see it. */
export class ProcessesView implements Disposable {
  readonly #tree: ProcessTree;
  readonly #usage: UsageWatch;
  readonly #store = new DisposableStore();
  readonly #view: vscode.TreeView<TreeNode>;
  #timer: NodeJS.Timeout | undefined;
  #watching: Disposable | undefined;
  #isAnyActive = false;
  #failed = 0;

  constructor(tree: ProcessTree, overview: Overview, usage: UsageWatch) {
    this.#tree = tree;
    this.#usage = usage;
    this.#view = this.#store.add(
      vscode.window.createTreeView(processesViewId, {
        treeDataProvider: tree,
        canSelectMany: true,
      }),
    );
    this.#store.add(this.#view.onDidChangeVisibility(() => this.#onVisibility()));
    this.#store.add({ dispose: () => this.#watching?.dispose() });
    this.#store.add(overview.onDidChange((summary) => this.#update(summary)));
    this.#store.add({ dispose: () => clearInterval(this.#timer) });
    this.#update(overview.summary);
    this.#onVisibility();
  }

  /** Selects a process and brings it into view, without opening the sidebar for it. */
  async reveal({ environment, name }: ProcessRef): Promise<void> {
    if (!this.#view.visible) return;
    await this.#view.reveal(this.#tree.nodeOf(environment, name), { focus: false });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #update(summary: Summary): void {
    this.#isAnyActive = summary.counts.active > 0;
    // What is set counts as a change, also when it is the same, and delays what comes after it.
    const words = message(summary) ?? '';
    if (words !== (this.#view.message ?? '')) this.#view.message = words;
    if (summary.counts.failed !== this.#failed) this.#view.badge = badge(summary.counts.failed);
    this.#failed = summary.counts.failed;
    this.#updateClock();
  }

  #onVisibility(): void {
    const isVisible = this.#view.visible;
    this.#tree.setVisible(isVisible);
    if (isVisible) this.#watching ??= this.#usage.watch();
    else {
      this.#watching?.dispose();
      this.#watching = undefined;
    }
    this.#updateClock();
  }

  #updateClock(): void {
    const shouldRun = this.#view.visible && this.#isAnyActive;
    if (!shouldRun) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else if (this.#timer === undefined) {
      this.#tree.refreshTimes();
      this.#timer = setInterval(() => this.#tree.refreshTimes(), timeRefreshMs);
    }
  }
}

function badge(failed: number): vscode.ViewBadge | undefined {
  if (failed === 0) return undefined;
  const tooltip =
    failed === 1
      ? vscode.l10n.t('1 failed process')
      : vscode.l10n.t('{0} failed processes', failed);
  return { value: failed, tooltip };
}

function message({ brokenFiles, changedNames, owners }: Summary): string | undefined {
  if (owners.length > 0) {
    return vscode.l10n.t('Run by {0}. This window only watches.', owners.join(', '));
  }
  if (brokenFiles.length > 0) {
    return vscode.l10n.t(
      '{0} has errors. Its last good version stays in use.',
      brokenFiles.join(', '),
    );
  }
  if (changedNames.length > 0) {
    return vscode.l10n.t('Changed in the file, restart to apply: {0}', changedNames.join(', '));
  }
  return undefined;
}
