import * as l10n from '@vscode/l10n';
import type { CompanionRequest } from './companion.ts';
import type { Operations } from './operations.ts';
import type { ProcessController } from './processController.ts';
import type { ProcessSet } from './processSet.ts';
import { isRule } from './requests.ts';
import type { Settler } from './settler.ts';
import type {
  OperationResult,
  RequestedBy,
  RestartOptions,
  StartOptions,
  StopOptions,
} from './snapshot.ts';
import { startTargets, type Targets } from './targets.ts';

/**
 * Turns a request for several processes into wishes to each of them, all in the same turn, and
 * follows what becomes of them. Names are known to exist.
 */
export class EnvironmentRequests {
  readonly #processes: ProcessSet;
  readonly #settler: Settler;
  readonly #operations: Operations;
  readonly #onRequest: (request: CompanionRequest) => void;
  /** The last request for each process that a rollback of another one must not undo. */
  readonly #askedFor = new WeakMap<ProcessController, object>();

  /** `onRequest` is told of each request before it is carried out. */
  constructor(
    processes: ProcessSet,
    settler: Settler,
    operations: Operations,
    onRequest: (request: CompanionRequest) => void,
  ) {
    this.#processes = processes;
    this.#settler = settler;
    this.#operations = operations;
    this.#onRequest = onRequest;
  }

  async start(
    targets: Targets,
    options: StartOptions & { readonly isRolledBack: boolean },
  ): Promise<OperationResult> {
    const { withDependencies = true, by = 'you', detail } = options;
    const { run, arm } = startTargets(this.#processes.definitions(), targets, by);
    const { able, held } = withDependencies ? this.#ableToStart(run, by) : { able: run, held: [] };
    const all = withDependencies ? this.#withNeeds(able, by) : run;
    const begun = new Map<ProcessController, object | undefined>();
    this.#onRequest({ kind: 'start', by, names: [...all, ...arm] });
    this.#noteWhoAsked(by, all);
    this.#settler.together(() => {
      for (const name of all) {
        // A task that has done its work does it again only when it is asked for by name.
        if (this.#processes.state(name) === 'completed' && !targets.named.has(name)) continue;
        const controller = this.#processes.get(name);
        if (controller === undefined) continue;
        const isNews = controller.dispatch({
          kind: 'start',
          by,
          detail,
          through: through(targets, name),
          ignoresDependencies: !withDependencies,
        });
        // What others have begun is not taken back.
        if (isNews) begun.set(controller, this.#askedFor.get(controller));
      }
    });
    const result = withHeld(await this.#operations.follow('up', all), held);
    if (result.failed.length > 0 && options.isRolledBack) {
      // What failed is down, and keeps its reason; what somebody asked for meanwhile is theirs.
      const cameUp = [...begun]
        .filter(([controller, request]) => this.#askedFor.get(controller) === request)
        .map(([controller]) => controller.name)
        .filter((name) => this.#processes.isUp(name));
      await this.stop(this.#processes.targets(cameUp), { by: 'rollback', withDependents: false });
    }
    return result;
  }

  async stop(targets: Targets, options: StopOptions): Promise<OperationResult> {
    const { withDependents = true, by = 'you', detail } = options;
    const { names } = targets;
    const all = withDependents ? this.#processes.withDependents(names) : names;
    this.#onRequest({ kind: 'stop', by, names: all });
    this.#settler.together(() => {
      for (const name of all) {
        const controller = this.#processes.get(name);
        if (controller === undefined) continue;
        controller.dispatch({
          kind: 'stop',
          by,
          detail,
          through: through(targets, name),
          isHeld: true,
        });
        if (options.force === true) controller.dispatch({ kind: 'force' });
      }
    });
    return this.#operations.follow('down', all);
  }

  async restart(targets: Targets, options: RestartOptions): Promise<OperationResult> {
    const { by = 'you', detail } = options;
    const { run, arm } = startTargets(this.#processes.definitions(), targets, by);
    const asked = [...run, ...arm.filter((name) => this.#processes.get(name)?.isAlive === true)];
    const { able, held } = this.#ableToStart(asked, by);
    const isAsked = new Set(able);
    const all = this.#withNeeds(able, by);
    this.#onRequest({ kind: 'restart', by, names: [...new Set([...all, ...arm])] });
    this.#noteWhoAsked(by, all);
    this.#settler.together(() => {
      for (const name of all) {
        const controller = this.#processes.get(name);
        if (isAsked.has(name)) controller?.dispatch({ kind: 'restart', by, detail, isHeld: true });
        // What it needs and is down comes up with it; what is up is left alone.
        else if (controller?.state.name !== 'completed') {
          controller?.dispatch({ kind: 'start', by, detail, through: through(targets, name) });
        }
      }
    });
    return withHeld(await this.#operations.follow('up', able), held);
  }

  /** Those that may come up: a rule does not start for them what a person has stopped. */
  #ableToStart(names: readonly string[], by: RequestedBy) {
    const able: string[] = [];
    const held: OperationResult['failed'][number][] = [];
    for (const name of names) {
      const need = isRule(by) ? this.#processes.stoppedNeed(name) : undefined;
      if (need === undefined) able.push(name);
      else held.push({ name, reason: l10n.t('it needs {0}, which you stopped', need) });
    }
    return { able, held };
  }

  /** With what they need, except what a rule leaves down; that is not needed while others run. */
  #withNeeds(names: readonly string[], by: RequestedBy): readonly string[] {
    const all = this.#processes.withDependencies(names);
    if (!isRule(by)) return all;
    return all.filter((name) => names.includes(name) || !this.#processes.isStoppedByPerson(name));
  }

  #noteWhoAsked(by: RequestedBy, names: readonly string[]): void {
    if (isRule(by)) return;
    const request = {};
    for (const name of names) {
      const controller = this.#processes.get(name);
      if (controller !== undefined) this.#askedFor.set(controller, request);
    }
  }
}

/** Those that were not even tried are among those that failed. */
function withHeld(result: OperationResult, held: OperationResult['failed']): OperationResult {
  return held.length === 0 ? result : { ...result, failed: [...held, ...result.failed] };
}

/** What took a process along that was not asked for itself. */
function through({ names, words }: Targets, name: string): string | undefined {
  return names.includes(name) ? undefined : words;
}
