import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { lineLevels } from '../../store/lineLevel.ts';
import type { Environments, ProcessRef } from '../environments.ts';
import { type MergedFilter, noFilter } from './mergedLines.ts';
import { MergedTerminal } from './mergedTerminal.ts';
import {
  type RememberedProcess,
  type RememberedView,
  rememberView,
  restoreView,
} from './rememberedViews.ts';

/** In the memory of the workspace: the views that are open. */
const openKey = 'devEnv.openMergedLogs';

/**
 * The merged views that are open, and the questions about what they show. Those that were open come
 * back after a reload.
 */
export class MergedLogs implements Disposable {
  readonly #environments: Environments;
  readonly #clock: Clock;
  readonly #store = new DisposableStore();
  readonly #memory: vscode.Memento;
  readonly #open = new Map<vscode.Terminal, MergedTerminal>();
  /** Of the window before this one, until their environments are there. */
  #toRestore: readonly RememberedView[];

  constructor(environments: Environments, clock: Clock, memory: vscode.Memento) {
    this.#environments = environments;
    this.#clock = clock;
    this.#memory = memory;
    this.#toRestore = memory.get<readonly RememberedView[]>(openKey, []);
    this.#store.add(vscode.window.onDidCloseTerminal((terminal) => this.#onClosed(terminal)));
    this.#store.add(environments.onDidChangeStatus(() => this.#restore()));
  }

  /** Shows the logs of these processes as one. */
  show(refs: readonly ProcessRef[]): void {
    const known = [...this.#open].find(([, { refs: other }]) => isSame(refs, other));
    const terminal = known?.[0] ?? this.#create(refs);
    terminal.show(false);
  }

  /** Asks by what to filter the view in front; shows everything in one when there is none. */
  async filter(): Promise<void> {
    const view = this.#inFront();
    if (view === undefined) {
      this.show(this.#environments.processes().map(({ ref }) => ref));
      return;
    }
    const { t } = vscode.l10n;
    const items = [
      { label: t('$(search) Text…'), ask: () => this.#askForText(view) },
      { label: t('$(warning) Level…'), ask: () => this.#askForLevel(view) },
      { label: t('$(list-selection) Processes…'), ask: () => this.#askForProcesses(view) },
      { label: t('$(clear-all) Show everything'), ask: () => this.#reset(view) },
    ];
    const picked = await vscode.window.showQuickPick(items, {
      placeHolder: t('Filter the merged log by what?'),
    });
    await picked?.ask();
  }

  workdirOf(terminal: vscode.Terminal, line: string): string | undefined {
    return this.#open.get(terminal)?.workdirOf(line);
  }

  dispose(): void {
    this.#store.dispose();
    for (const terminal of this.#open.keys()) terminal.dispose();
    this.#open.clear();
  }

  #create(refs: readonly ProcessRef[], filter: MergedFilter = noFilter): vscode.Terminal {
    const pty = new MergedTerminal(this.#environments, refs, this.#clock, filter);
    pty.onDidInput((text) => void this.#onInput(pty, text));
    const terminal = vscode.window.createTerminal({
      name: pty.name,
      iconPath: new vscode.ThemeIcon('list-flat'),
      pty,
    });
    this.#open.set(terminal, pty);
    this.#remember();
    return terminal;
  }

  #onClosed(terminal: vscode.Terminal): void {
    if (!this.#open.delete(terminal)) return;
    // At the end of the window they are closed too, and are to come back.
    if (terminal.exitStatus?.reason !== vscode.TerminalExitReason.Shutdown) this.#remember();
  }

  #remember(): void {
    const open = [...this.#open.values()].map(({ refs, filter }) => rememberView(refs, filter));
    void this.#memory.update(openKey, [...open, ...this.#toRestore]);
  }

  #restore(): void {
    if (this.#toRestore.length === 0) return;
    const all = this.#environments.all();
    const inFolder = (folder: string): (typeof all)[number] | undefined =>
      all.find((one) => one.folder.uri.toString() === folder);
    const known = {
      find: ({ folder, name }: RememberedProcess): ProcessRef | undefined => {
        const environment = inFolder(folder);
        return environment?.controller?.process(name) && { environment, name };
      },
      isAwaited: (folder: string): boolean => {
        const environment = inFolder(folder);
        return environment !== undefined && environment.controller === undefined;
      },
    };
    const views = this.#toRestore.map((view) => ({ view, back: restoreView(view, known) }));
    this.#toRestore = views.flatMap(({ view, back }) => (back === undefined ? [view] : []));
    for (const { back } of views) {
      if (back !== undefined && back.refs.length > 0) this.#create(back.refs, back.filter);
    }
  }

  #setFilter(view: MergedTerminal, filter: MergedFilter): void {
    view.setFilter(filter);
    this.#remember();
  }

  #inFront(): MergedTerminal | undefined {
    const active = vscode.window.activeTerminal;
    const inFront = active === undefined ? undefined : this.#open.get(active);
    return inFront ?? [...this.#open.values()].at(-1);
  }

  async #onInput(view: MergedTerminal, text: string): Promise<void> {
    if (text === '/') await this.#askForText(view);
    else if (text === 'l') await this.#askForLevel(view);
    else if (text === 'p') await this.#askForProcesses(view);
    else if (text === '\u001b') await this.#reset(view);
  }

  #reset(view: MergedTerminal): Promise<void> {
    this.#setFilter(view, noFilter);
    return Promise.resolve();
  }

  async #askForText(view: MergedTerminal): Promise<void> {
    const text = await vscode.window.showInputBox({
      prompt: vscode.l10n.t('Only lines that contain this text; empty for all lines'),
      value: view.filter.text ?? '',
    });
    if (text === undefined) return;
    this.#setFilter(view, { ...view.filter, text: text === '' ? undefined : text });
  }

  async #askForLevel(view: MergedTerminal): Promise<void> {
    const { t } = vscode.l10n;
    const items = [
      { label: t('All lines'), level: undefined },
      ...lineLevels.slice(0, -1).map((level) => ({
        label:
          level === 'error'
            ? t('Errors')
            : level === 'warn'
              ? t('Warnings and errors')
              : t('Information and graver'),
        level,
      })),
    ];
    const picked = await vscode.window.showQuickPick(items, {
      placeHolder: t('Which lines? Those that name no level are left out of all but the first.'),
    });
    if (picked !== undefined) this.#setFilter(view, { ...view.filter, level: picked.level });
  }

  async #askForProcesses(view: MergedTerminal): Promise<void> {
    const { sources } = view.filter;
    const items = view.refs.map((ref) => ({
      label: ref.name,
      key: view.keyOf(ref),
      picked: sources === undefined || sources.has(view.keyOf(ref)),
    }));
    const picked = await vscode.window.showQuickPick(items, {
      canPickMany: true,
      placeHolder: vscode.l10n.t('The lines of which processes?'),
    });
    if (picked === undefined) return;
    const isAll = picked.length === items.length || picked.length === 0;
    this.#setFilter(view, {
      ...view.filter,
      sources: isAll ? undefined : new Set(picked.map(({ key }) => key)),
    });
  }
}

function isSame(a: readonly ProcessRef[], b: readonly ProcessRef[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ environment, name }, index) => {
      const other = b[index];
      return other?.environment === environment && other.name === name;
    })
  );
}
