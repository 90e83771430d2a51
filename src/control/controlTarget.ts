import { resolveTargets } from '../controller/targets.ts';
import type {
  EnvironmentController,
  OperationResult,
  ProcessSnapshot,
} from '../controller/snapshot.ts';
import { DisposableStore } from '../base/disposable.ts';
import type { Disposable } from '../base/disposable.ts';
import type { KnownSecrets } from '../controller/secretSource.ts';
import { explanationLines } from './explanationLines.ts';
import {
  type ControlEvent,
  type ControlledProcess,
  type EnvironmentStatus,
  type Explanation,
  type Owner,
  protocolVersion,
  type RestartRequest,
  type StartRequest,
  type StopRequest,
  toWire,
} from './protocol.ts';

/**
 * An environment that can be looked at and told what to do: in this program (`ControllerTarget`),
 * or in the one that owns it, over its socket (`ControlClient`).
 */
export interface ControlTarget {
  status(): Promise<EnvironmentStatus>;
  start(request?: StartRequest): Promise<OperationResult>;
  stop(request?: StopRequest): Promise<OperationResult>;
  restart(request?: RestartRequest): Promise<OperationResult>;
  explain(name: string): Promise<Explanation>;
  /** Lines of output as they may be shown: as many, without the secrets that the owner knows. */
  mask(lines: readonly string[]): Promise<readonly string[]>;
  /** Stops everything; an owner that is there for nothing else goes away then. */
  shutdown(request?: StopRequest): Promise<OperationResult>;
  /** The present status, and every change after it, until disposed. No change falls between. */
  follow(listener: (event: ControlEvent) => void, options?: FollowOptions): Disposable;
}

export interface FollowOptions {
  /** Measure what the processes use, for as long as this goes on, and tell it. */
  readonly withUsage?: boolean;
}

export interface ControllerTargetOptions {
  readonly owner: Owner;
  /** Before anything is started: the file may have been edited since it was read. */
  readonly beforeStart?: () => Promise<void>;
  /** Everything was stopped because somebody asked for the end of it. */
  readonly onShutdown?: () => void;
}

/** One that runs its processes, and so has given them their secrets. */
export interface OwnedController extends EnvironmentController {
  readonly secrets: KnownSecrets;
}

/** The environment that this program owns. What is asked of it is asked by a person. */
export class ControllerTarget implements ControlTarget {
  readonly #controller: OwnedController;
  readonly #options: ControllerTargetOptions;

  constructor(controller: OwnedController, options: ControllerTargetOptions) {
    this.#controller = controller;
    this.#options = options;
  }

  status(): Promise<EnvironmentStatus> {
    return Promise.resolve(this.#status());
  }

  async start(request: StartRequest = {}): Promise<OperationResult> {
    const { names, withDependencies, isAwaited } = request;
    await this.#options.beforeStart?.();
    if (names !== undefined) resolveTargets(this.#controller.processes(), names);
    const result = this.#controller.start(names, {
      by: 'you',
      ...(withDependencies === undefined ? {} : { withDependencies }),
    });
    if (isAwaited !== false) return result;
    // How it comes out is in the states.
    result.catch(() => undefined);
    return { succeeded: [], failed: [], cancelled: [] };
  }

  stop({ names, withDependents, force }: StopRequest = {}): Promise<OperationResult> {
    return this.#controller.stop(names, {
      by: 'you',
      ...(withDependents === undefined ? {} : { withDependents }),
      ...(force === undefined ? {} : { force }),
    });
  }

  async restart({ names }: RestartRequest = {}): Promise<OperationResult> {
    await this.#options.beforeStart?.();
    return this.#controller.restart(names);
  }

  async explain(name: string): Promise<Explanation> {
    const lines = explanationLines(name, await this.#controller.explain(name));
    return { lines: lines.map((line) => this.#controller.mask(line)) };
  }

  mask(lines: readonly string[]): Promise<readonly string[]> {
    return Promise.resolve(lines.map((line) => this.#controller.mask(line)));
  }

  async shutdown({ force }: StopRequest = {}): Promise<OperationResult> {
    const result = await this.stop(force === undefined ? {} : { force });
    this.#options.onShutdown?.();
    return result;
  }

  follow(
    listener: (event: ControlEvent) => void,
    { withUsage = false }: FollowOptions = {},
  ): Disposable {
    const controller = this.#controller;
    const store = new DisposableStore();
    if (withUsage) {
      store.add(controller.usage.demand('watched'));
      store.add(controller.usage.onDidMeasure(() => listener(this.#usages())));
    }
    store.add(controller.secrets.onDidLearn(() => listener({ kind: 'secrets' })));
    store.add(
      controller.onDidChange(({ names, isStructural }) => {
        if (isStructural) {
          listener({ kind: 'status', status: this.#status() });
          return;
        }
        const changed = [...names].flatMap((name) => controller.process(name) ?? []);
        listener({ kind: 'change', processes: changed.map(this.#toWire) });
      }),
    );
    store.add(
      controller.onDidRun(({ kind, name, run, logPath }) =>
        listener({ kind: 'run', what: kind, name, run, logPath }),
      ),
    );
    store.add(
      controller.onDidFail(({ name, run, reason }) =>
        listener({ kind: 'failure', name, run, reason }),
      ),
    );
    listener({ kind: 'status', status: this.#status() });
    return store;
  }

  #usages(): ControlEvent {
    const usages = this.#controller.processes().flatMap(({ name }) => {
      const usage = this.#controller.usage.of(name);
      if (usage === undefined) return [];
      const { cpuPercent, memoryBytes, pids } = usage;
      return [{ name, cpuPercent, memoryBytes, processes: pids.length }];
    });
    return { kind: 'usage', usages };
  }

  /** Without the secrets that a program or a probe may have said. */
  readonly #toWire = (snapshot: ProcessSnapshot): ControlledProcess => {
    const process = toWire(snapshot);
    const mask = (text: string | undefined): string | undefined =>
      text === undefined ? undefined : this.#controller.mask(text);
    return {
      ...process,
      reason: mask(process.reason),
      healthReason: mask(process.healthReason),
      statusText: mask(process.statusText),
      commandLine: this.#controller.mask(process.commandLine),
      url: mask(process.url),
    };
  };

  #status(): EnvironmentStatus {
    const { model } = this.#controller;
    return {
      protocol: protocolVersion,
      folder: model.folder,
      configPath: model.configPath,
      owner: this.#options.owner,
      processes: this.#controller.processes().map(this.#toWire),
      hasSecrets: this.#controller.secrets.hasAny,
    };
  }
}
