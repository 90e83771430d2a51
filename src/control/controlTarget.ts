import type { EnvironmentController, OperationResult } from '../controller/snapshot.ts';
import { DisposableStore } from '../base/disposable.ts';
import type { Disposable } from '../base/disposable.ts';
import { describeProcess } from './describeProcess.ts';
import {
  type ControlEvent,
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
  /** Stops everything; an owner that is there for nothing else goes away then. */
  shutdown(request?: StopRequest): Promise<OperationResult>;
  /** The present status, and every change after it, until disposed. No change falls between. */
  follow(listener: (event: ControlEvent) => void): Disposable;
}

export interface ControllerTargetOptions {
  readonly owner: Owner;
  /** Before anything is started: the file may have been edited since it was read. */
  readonly beforeStart?: () => Promise<void>;
  /** Everything was stopped because somebody asked for the end of it. */
  readonly onShutdown?: () => void;
}

/** The environment that this program owns. What is asked of it is asked by a person. */
export class ControllerTarget implements ControlTarget {
  readonly #controller: EnvironmentController;
  readonly #options: ControllerTargetOptions;

  constructor(controller: EnvironmentController, options: ControllerTargetOptions) {
    this.#controller = controller;
    this.#options = options;
  }

  status(): Promise<EnvironmentStatus> {
    return Promise.resolve(this.#status());
  }

  async start({ names, withDependencies }: StartRequest = {}): Promise<OperationResult> {
    await this.#options.beforeStart?.();
    return this.#controller.start(names, {
      by: 'you',
      ...(withDependencies === undefined ? {} : { withDependencies }),
    });
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

  explain(name: string): Promise<Explanation> {
    return Promise.resolve({ lines: describeProcess(this.#controller, name) });
  }

  async shutdown({ force }: StopRequest = {}): Promise<OperationResult> {
    const result = await this.stop(force === undefined ? {} : { force });
    this.#options.onShutdown?.();
    return result;
  }

  follow(listener: (event: ControlEvent) => void): Disposable {
    const controller = this.#controller;
    const store = new DisposableStore();
    store.add(
      controller.onDidChange(({ names, isStructural }) => {
        if (isStructural) {
          listener({ kind: 'status', status: this.#status() });
          return;
        }
        const changed = [...names].flatMap((name) => controller.process(name) ?? []);
        listener({ kind: 'change', processes: changed.map(toWire) });
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

  #status(): EnvironmentStatus {
    const { model } = this.#controller;
    return {
      protocol: protocolVersion,
      folder: model.folder,
      configPath: model.configPath,
      owner: this.#options.owner,
      processes: this.#controller.processes().map(toWire),
    };
  }
}
