import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import {
  type AutoStartPlan,
  commandText,
  decideAutoStart,
  describePlan,
  planAutoStart,
  toStartNow,
} from './autoStartDecision.ts';
import { orTell } from './orTell.ts';
import type { Environments } from './environments.ts';
import type { FolderEnvironment } from './folderEnvironment.ts';
import { autoStartSetting } from './settings.ts';

const planScheme = 'dev-env-plan';

/** What a person decided for a folder; kept in the workspace's state, never in the repository. */
interface Approval {
  readonly hash?: string;
  readonly isRefused?: boolean;
}

/** Starts what a folder asks for when it is opened, if the person agreed to just that. */
export class AutoStart implements Disposable {
  readonly #environments: Environments;
  readonly #memento: vscode.Memento;
  readonly #store = new DisposableStore();
  readonly #done = new Set<FolderEnvironment>();
  readonly #plans = new Map<string, AutoStartPlan>();

  constructor(environments: Environments, memento: vscode.Memento) {
    this.#environments = environments;
    this.#memento = memento;
    this.#store.add(
      environments.onDidTakeModel(({ environment, event }) => {
        if (event.isOpening) orTell(this.#consider(environment, event.isContinuation));
      }),
    );
    this.#store.add(
      vscode.workspace.registerTextDocumentContentProvider(planScheme, {
        provideTextDocumentContent: (uri) => {
          const plan = this.#plans.get(uri.query);
          return plan === undefined ? '' : `${describePlan(plan)}\n`;
        },
      }),
    );
  }

  /** Asks again, whatever was decided before. */
  async review(): Promise<void> {
    for (const environment of this.#environments.live()) {
      const { controller } = environment;
      if (controller === undefined) continue;
      const plan = planAutoStart(controller.model, await this.#key());
      if (plan.wanted.length === 0) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t('No process of {0} has autostart.', environment.folder.name),
        );
      } else await this.#ask(environment, plan);
    }
  }

  /** Forgets what was decided for the folders of this window. */
  async reset(): Promise<void> {
    for (const environment of this.#environments.all()) {
      await this.#memento.update(approvalKey(environment), undefined);
    }
    vscode.window.setStatusBarMessage(
      vscode.l10n.t('Dev Env will ask before it starts processes when a folder is opened.'),
      5000,
    );
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #consider(environment: FolderEnvironment, isContinuation: boolean): Promise<void> {
    const { controller } = environment;
    if (controller === undefined) return;
    const all = planAutoStart(controller.model, await this.#key());
    const wanted = toStartNow(all, controller.processes(), isContinuation);
    const plan = { ...all, wanted };
    const approval = this.#approval(environment);
    const decision = decideAutoStart({
      setting: autoStartSetting(),
      isTrusted: vscode.workspace.isTrusted,
      isDone: this.#done.has(environment),
      isRefused: approval.isRefused === true,
      approvedHash: approval.hash,
      plan,
    });
    this.#done.add(environment);
    if (decision === 'start') await start(environment, plan);
    else if (decision === 'ask') await this.#ask(environment, plan);
  }

  async #ask(environment: FolderEnvironment, plan: AutoStartPlan): Promise<void> {
    const agree = vscode.l10n.t('Start');
    const show = vscode.l10n.t('Show Commands');
    const never = vscode.l10n.t('Never in This Folder');
    for (;;) {
      const choice = await vscode.window.showInformationMessage(
        question(environment, plan),
        agree,
        show,
        never,
      );
      if (choice === show) {
        await this.#show(plan);
        continue;
      }
      if (choice === never) await this.#decide(environment, { isRefused: true });
      if (choice === agree) await this.#agree(environment, plan);
      return;
    }
  }

  /** The file may have changed while the question stood there: then it is another question. */
  async #agree(environment: FolderEnvironment, asked: AutoStartPlan): Promise<void> {
    const { controller } = environment;
    if (controller === undefined) return;
    const plan = planAutoStart(controller.model, await this.#key());
    if (plan.hash !== asked.hash) {
      await this.#ask(environment, plan);
      return;
    }
    await this.#decide(environment, { hash: plan.hash });
    await start(environment, { ...plan, wanted: asked.wanted });
  }

  async #show(plan: AutoStartPlan): Promise<void> {
    this.#plans.set(plan.hash, plan);
    const name = vscode.l10n.t('Dev Env: what would be started');
    const uri = vscode.Uri.from({ scheme: planScheme, path: name, query: plan.hash });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'yaml');
    await vscode.window.showTextDocument(document, { preview: true });
  }

  /** Keys the hashes of what was approved. */
  async #key(): Promise<string> {
    const known = this.#memento.get<string>('autoStart.key');
    if (known !== undefined) return known;
    const key = randomBytes(32).toString('hex');
    await this.#memento.update('autoStart.key', key);
    return key;
  }

  #approval(environment: FolderEnvironment): Approval {
    return this.#memento.get<Approval>(approvalKey(environment)) ?? {};
  }

  async #decide(environment: FolderEnvironment, approval: Approval): Promise<void> {
    await this.#memento.update(approvalKey(environment), approval);
  }
}

function approvalKey({ folder }: FolderEnvironment): string {
  return `autoStart:${folder.uri.toString()}`;
}

async function start({ controller }: FolderEnvironment, plan: AutoStartPlan): Promise<void> {
  await controller?.start(plan.wanted, { by: 'autostart' });
}

const maxShown = 5;
const maxCommandLength = 60;

/** Commands as far as a notification has room for them; at full length they are one button away. */
function question({ folder }: FolderEnvironment, { processes }: AutoStartPlan): string {
  const shown = processes
    .slice(0, maxShown)
    .map(({ name, command }) => `${name} (${shorten(commandText(command))})`);
  const more = processes.length - shown.length;
  if (more > 0) shown.push(vscode.l10n.t('and {0} more', more));
  return vscode.l10n.t('Start the environment of {0}? It runs: {1}', folder.name, shown.join(', '));
}

function shorten(text: string): string {
  return text.length <= maxCommandLength ? text : `${text.slice(0, maxCommandLength - 1)}…`;
}
