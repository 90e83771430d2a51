import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { criticalChain } from '../../controller/timeline.ts';
import type { CommandHandlers } from '../commands/registerCommands.ts';
import type { Targets } from '../commands/targets.ts';
import type { Environments, ProcessRef } from '../environments.ts';
import { formatTime, stateWord } from '../words.ts';
import { explanationText } from './explanationText.ts';
import { timelineText } from './timelineText.ts';

const scheme = 'dev-env-explain';
const words = { time: formatTime, state: stateWord };

/** Texts to read that say why things are as they are. They are made anew each time they are asked for. */
export class Explanations implements Disposable {
  readonly #environments: Environments;
  readonly #clock: Clock;
  readonly #store = new DisposableStore();
  readonly #texts = new Map<string, string>();
  readonly #onDidChange = this.#store.add(new vscode.EventEmitter<vscode.Uri>());

  constructor(environments: Environments, clock: Clock) {
    this.#environments = environments;
    this.#clock = clock;
    this.#store.add(
      vscode.workspace.registerTextDocumentContentProvider(scheme, {
        onDidChange: this.#onDidChange.event,
        provideTextDocumentContent: (uri) => this.#texts.get(uri.toString()) ?? '',
      }),
    );
  }

  /** Opens the explanation of a process. */
  async show({ environment, name }: ProcessRef): Promise<void> {
    const explanation = await environment.controller?.explain(name);
    if (explanation === undefined) return;
    const title = vscode.l10n.t('Dev Env: why {0}', name);
    await this.#open(title, environment.folder.uri, explanationText(explanation, words));
  }

  /** Opens the last starts of all environments, newest first. */
  async showTimelines(): Promise<void> {
    for (const { controller, folder } of this.#environments.live()) {
      if (controller === undefined) continue;
      const dependenciesOf = (name: string) => controller.process(name)?.dependsOn ?? [];
      const texts = controller
        .timelines()
        .map((timeline) => ({ timeline, critical: criticalChain(timeline, dependenciesOf) }))
        .map((shown) => timelineText(shown, this.#clock.now(), formatTime))
        .reverse();
      const text =
        texts.length > 0 ? texts.join('\n\n') : vscode.l10n.t('Nothing has been started yet.');
      const title = vscode.l10n.t('Dev Env: starts of {0}', folder.name);
      await this.#open(title, folder.uri, `${text}\n`);
    }
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #open(title: string, folder: vscode.Uri, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${title}`, query: folder.toString() });
    this.#texts.set(uri.toString(), text);
    this.#onDidChange.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }
}

export function explainCommands(
  targets: Targets,
  explanations: Explanations,
): Pick<CommandHandlers, 'devEnv.explain' | 'devEnv.showTimeline'> {
  return {
    'devEnv.explain': async (...args) => {
      const ref = await targets.process(args, undefined, vscode.l10n.t('Explain which process?'));
      if (ref !== undefined) await explanations.show(ref);
    },
    'devEnv.showTimeline': () => explanations.showTimelines(),
  };
}
