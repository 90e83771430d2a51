import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { statusBarId } from '../ids.ts';
import type { Overview, Summary } from '../overview.ts';
import type { Counts } from '../processFacts.ts';
import { statusTooltip } from './statusTooltip.ts';

/** How the environment is, in one short text at the bottom of the window. */
export class StatusBar implements Disposable {
  readonly #clock: Clock;
  readonly #store = new DisposableStore();
  readonly #item: vscode.StatusBarItem;

  constructor(overview: Overview, clock: Clock) {
    this.#clock = clock;
    this.#item = this.#store.add(
      vscode.window.createStatusBarItem(statusBarId, vscode.StatusBarAlignment.Left, 50),
    );
    this.#item.name = 'Dev Env';
    this.#item.command = 'devEnv.showProcesses';
    this.#store.add(overview.onDidChange((summary) => this.#update(summary)));
    this.#update(overview.summary);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #update(summary: Summary): void {
    const { status, counts } = summary;
    if (status !== 'ready' || counts.total === 0) {
      this.#item.hide();
      return;
    }
    this.#item.text = `$(${statusIcon(counts, summary.brokenFiles.length > 0)}) ${counts.well}/${counts.total}`;
    this.#item.backgroundColor =
      counts.failed > 0 ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.#item.tooltip = statusTooltip(summary.rows, this.#clock.now());
    this.#item.accessibilityInformation = { label: spoken(counts), role: 'button' };
    this.#item.show();
  }
}

/** The most urgent thing wins. */
export function statusIcon(counts: Counts, hasBrokenFile: boolean): string {
  if (counts.failed > 0) return 'error';
  if (hasBrokenFile || counts.unhealthy > 0) return 'warning';
  if (counts.underWay > 0 || counts.stopping > 0) return 'loading~spin';
  if (counts.backoff > 0) return 'history';
  if (counts.well === counts.total) return 'pass-filled';
  return counts.well === 0 ? 'circle-outline' : 'server-process';
}

function spoken(counts: Counts): string {
  const up = vscode.l10n.t('Dev Env: {0} of {1} processes up', counts.well, counts.total);
  const parts = [up];
  if (counts.failed > 0) parts.push(vscode.l10n.t('{0} failed', counts.failed));
  if (counts.unhealthy > 0) parts.push(vscode.l10n.t('{0} unhealthy', counts.unhealthy));
  return parts.join(', ');
}
