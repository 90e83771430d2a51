import * as vscode from 'vscode';
import type { OperationResult, ProcessSnapshot } from '../controller/snapshot.ts';
import type { Runner } from '../process/runners/runner.ts';
import { runners } from '../process/runners/runnerRegistry.ts';
import type { Environments } from './environments.ts';
import type { FolderEnvironment, FolderStatus } from './folderEnvironment.ts';

/** One environment as other extensions see it. Plain data of the moment it was asked for. */
export interface EnvironmentView {
  /** The workspace folder's URI as a string; names the environment in the calls below. */
  readonly folder: string;
  readonly status: FolderStatus;
  /** Absolute path of the file; undefined when there is none. */
  readonly configPath: string | undefined;
  /** Empty in an untrusted workspace. */
  readonly processes: readonly ProcessSnapshot[];
}

/** What `activate` returns: `vscode.extensions.getExtension('dev-env.dev-env')?.exports`. */
export interface DevEnvApi {
  readonly version: 1;
  environments(): readonly EnvironmentView[];
  /** Fires when anything about any environment may have changed. */
  onDidChange(listener: () => void): vscode.Disposable;
  /** These do nothing, and return undefined, where there is no environment or no trust. */
  start(folder: string, names?: readonly string[]): Promise<OperationResult | undefined>;
  stop(folder: string, names?: readonly string[]): Promise<OperationResult | undefined>;
  restart(folder: string, names?: readonly string[]): Promise<OperationResult | undefined>;
  /**
   * Adds what `runner: { name: options }` in a dev-env.yaml runs, until it is disposed. Throws when
   * the name is taken. A process with a runner that is not there fails to start, and says so: list
   * this extension in `extensionDependencies` and register in `activate`.
   */
  registerRunner(name: string, runner: Runner): vscode.Disposable;
}

/** Extensions that list this one are activated right after it, and what starts by itself before. */
const runnersComeWithinMs = 10_000;

export function createApi(environments: Environments): DevEnvApi {
  runners.expectMore(runnersComeWithinMs);
  const controllerOf = (folder: string): FolderEnvironment['controller'] =>
    environments.live().find((environment) => environment.folder.uri.toString() === folder)
      ?.controller;
  return {
    version: 1,
    environments: () => environments.all().map(view),
    onDidChange: (listener) =>
      vscode.Disposable.from(
        environments.onDidChange(() => listener()),
        environments.onDidChangeStatus(() => listener()),
      ),
    start: async (folder, names) => controllerOf(folder)?.start(names),
    stop: async (folder, names) => controllerOf(folder)?.stop(names),
    restart: async (folder, names) => controllerOf(folder)?.restart(names),
    registerRunner: (name, runner) => vscode.Disposable.from(runners.register(name, runner)),
  };
}

function view(environment: FolderEnvironment): EnvironmentView {
  return {
    folder: environment.folder.uri.toString(),
    status: environment.status,
    configPath: environment.configPath,
    processes: environment.controller?.processes() ?? [],
  };
}
