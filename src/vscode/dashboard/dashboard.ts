import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import {
  type ActionName,
  type AllActionName,
  type HostMessage,
  isPageMessage,
  type PageMessage,
} from '../../webview/messages.ts';
import { type CommandId, dashboardViewType } from '../ids.ts';
import { DashboardFeed, type FeedSources } from './dashboardFeed.ts';
import { dashboardHtml, pageFolder } from './dashboardHtml.ts';
import { dashboardRow } from './dashboardRow.ts';
import { dashboardWords } from './dashboardWords.ts';
import { processDetails } from './processDetails.ts';

const commandOf: Readonly<Partial<Record<ActionName | AllActionName, CommandId>>> = {
  start: 'devEnv.startProcess',
  stop: 'devEnv.stopProcess',
  restart: 'devEnv.restartProcess',
  log: 'devEnv.showLog',
  open: 'devEnv.openUrl',
  define: 'devEnv.goToDefinition',
  startAll: 'devEnv.startAll',
  stopAll: 'devEnv.stopAll',
  restartAll: 'devEnv.restartAll',
};

/** What the dashboard shows. */
export type DashboardSources = Omit<FeedSources, 'makeRow' | 'detailsOf'>;

/** The dashboard: one panel, which outlives a reload of the window. */
export class Dashboard implements Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #sources: DashboardSources;
  readonly #store = new DisposableStore();
  #panel: vscode.WebviewPanel | undefined;
  #feed: DashboardFeed | undefined;

  constructor(extensionUri: vscode.Uri, sources: DashboardSources) {
    this.#extensionUri = extensionUri;
    this.#sources = sources;
    this.#store.add(
      vscode.window.registerWebviewPanelSerializer(dashboardViewType, {
        deserializeWebviewPanel: (panel) => {
          this.#take(panel);
          return Promise.resolve();
        },
      }),
    );
  }

  /** Opens it, or brings it to the front. */
  show(): void {
    if (this.#panel !== undefined) {
      this.#panel.reveal();
      return;
    }
    this.#take(
      vscode.window.createWebviewPanel(
        dashboardViewType,
        dashboardWords().title,
        vscode.ViewColumn.Active,
      ),
    );
  }

  dispose(): void {
    this.#feed?.dispose();
    this.#store.dispose();
  }

  #take(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [pageFolder(this.#extensionUri)] };
    panel.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'icon.png');
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#stop();
    });
    // A page that is hidden is gone; it says `ready` again when it comes back.
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.#stop();
    });
    webview.onDidReceiveMessage((message: unknown) => {
      if (isPageMessage(message)) this.#hear(panel, message);
    });
    webview.html = dashboardHtml(webview, this.#extensionUri, dashboardWords());
  }

  #stop(): void {
    this.#feed?.dispose();
    this.#feed = undefined;
  }

  #hear(panel: vscode.WebviewPanel, message: PageMessage): void {
    switch (message.kind) {
      case 'ready':
        this.#stop();
        this.#feed = new DashboardFeed(
          { ...this.#sources, makeRow: dashboardRow, detailsOf: processDetails },
          (said: HostMessage) => void panel.webview.postMessage(said),
        );
        break;
      case 'look':
        this.#feed?.look(message.ids);
        break;
      case 'select':
        this.#feed?.select(message.id);
        break;
      case 'act':
        this.#act(message.action, message.id);
        break;
      case 'actAll':
        this.#run(
          message.action,
          ...(message.folder === undefined ? [] : [{ folder: message.folder }]),
        );
        break;
    }
  }

  #act(action: ActionName, id: string): void {
    const ref = this.#feed?.find(id);
    if (ref === undefined) return;
    const folder = ref.environment.folder.uri.toString();
    this.#run(action, { folder, name: ref.name });
  }

  #run(action: ActionName | AllActionName, ...args: readonly unknown[]): void {
    const command = commandOf[action];
    if (command !== undefined) void vscode.commands.executeCommand(command, ...args);
  }
}
