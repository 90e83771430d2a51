import * as vscode from 'vscode';
import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore, toDisposable } from '../base/disposable.ts';
import { errorMessage } from '../base/errors.ts';
import type { FailureEvent } from '../controller/snapshot.ts';
import type { Environments, InFolder, ProcessRef } from './environments.ts';
import type { FolderEnvironment } from './folderEnvironment.ts';
import { type Incident, toIncident } from './incidents.ts';
import { orTell } from './orTell.ts';
import type { Outputs } from './output/outputs.ts';
import { watchAsExternal } from './watchAsExternal.ts';
import { canChoosePort, chooseAnotherPort, stopHolderAndStart } from './portConflict.ts';
import { notifiesOnFailure } from './settings.ts';

/** Failures this close together are one incident. */
const gatherMs = 500;
/** For so long a failed dependency explains those who fail for want of it. */
const recentMs = 10_000;

/** A button with what it does. */
type Offer = readonly [label: string, act: () => unknown];

interface Gathering {
  readonly failures: FailureEvent[];
  readonly timer: Disposable;
}

/** Tells a person when processes have failed for good: once per incident. */
export class FailureNotifier implements Disposable {
  readonly #outputs: Outputs;
  readonly #clock: Clock;
  readonly #store = new DisposableStore();
  readonly #gathering = new Map<FolderEnvironment, Gathering>();
  readonly #lastIncidentMs = new Map<FolderEnvironment, number>();

  constructor(environments: Environments, outputs: Outputs, clock: Clock) {
    this.#outputs = outputs;
    this.#clock = clock;
    this.#store.add(environments.onDidFail((event) => this.#onFail(event)));
    this.#store.add(environments.onDidRemove((environment) => this.#forget(environment)));
    this.#store.add(
      toDisposable(() => {
        for (const { timer } of this.#gathering.values()) timer.dispose();
      }),
    );
  }

  dispose(): void {
    this.#store.dispose();
  }

  #onFail({ environment, event }: InFolder<FailureEvent>): void {
    if (!notifiesOnFailure()) return;
    const open = this.#gathering.get(environment);
    if (open !== undefined) {
      open.failures.push(event);
      return;
    }
    const timer = this.#clock.schedule(gatherMs, () => this.#tell(environment));
    this.#gathering.set(environment, { failures: [event], timer });
  }

  #tell(environment: FolderEnvironment): void {
    const failures = this.#gathering.get(environment)?.failures ?? [];
    this.#gathering.delete(environment);
    const nowMs = this.#clock.now();
    const lastMs = this.#lastIncidentMs.get(environment) ?? Number.NEGATIVE_INFINITY;
    const incident = toIncident(failures, nowMs - lastMs < recentMs);
    if (incident === undefined) return;
    this.#lastIncidentMs.set(environment, nowMs);
    orTell(this.#show(environment, incident));
  }

  async #show(environment: FolderEnvironment, incident: Incident): Promise<void> {
    const [first] = incident;
    if (first === undefined) return;
    const { t } = vscode.l10n;
    const ref = { environment, name: first.name };
    const offers: Offer[] = [];
    if (incident.length > 1) {
      offers.push([
        t('Show Processes'),
        () => vscode.commands.executeCommand('devEnv.processes.focus'),
      ]);
    } else {
      if (first.failure === 'port-in-use') offers.push(...conflictOffers(ref));
      offers.push([t('Show Log'), () => this.#outputs.show(ref)]);
      const explained = { folder: environment.folder.uri.toString(), name: ref.name };
      offers.push([
        t('Explain'),
        () => vscode.commands.executeCommand('devEnv.explain', explained),
      ]);
    }
    if (incident.length > 1 || first.failure !== 'port-in-use') {
      const names = incident.map(({ name }) => name);
      offers.push([t('Restart'), () => environment.controller?.restart(names)]);
    }
    const choice = await vscode.window.showErrorMessage(
      words(incident),
      ...offers.map(([label]) => label),
    );
    try {
      await offers.find(([label]) => label === choice)?.[1]();
    } catch (error) {
      void vscode.window.showErrorMessage(errorMessage(error));
    }
  }

  #forget(environment: FolderEnvironment): void {
    this.#gathering.get(environment)?.timer.dispose();
    this.#gathering.delete(environment);
    this.#lastIncidentMs.delete(environment);
  }
}

/** What can be done about a program that holds the port. */
function conflictOffers(ref: ProcessRef): Offer[] {
  const { t } = vscode.l10n;
  const holder = ref.environment.controller?.process(ref.name)?.portHolder;
  const offers: Offer[] = [];
  if (holder?.pid !== undefined) {
    offers.push([t('Stop That Program and Start'), () => stopHolderAndStart(ref)]);
  }
  if (canChoosePort(ref)) offers.push([t('Choose Another Port'), () => chooseAnotherPort(ref)]);
  else offers.push([t('Watch It as External Instead'), () => watchAsExternal(ref)]);
  return offers;
}

function words(incident: Incident): string {
  const each = incident.map(({ name, reason }) =>
    reason === '' ? name : vscode.l10n.t('{0} ({1})', name, reason),
  );
  const [first] = incident;
  if (incident.length === 1 && first !== undefined) {
    return first.reason === ''
      ? vscode.l10n.t('{0} failed.', first.name)
      : vscode.l10n.t('{0} failed: {1}', first.name, first.reason);
  }
  const shown = each.slice(0, 5).join(', ');
  return vscode.l10n.t('{0} processes failed: {1}', incident.length, shown);
}
