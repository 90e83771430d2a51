import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentModel, ProcessModel } from '../../src/config/model.ts';
import { plainProcess } from '../../src/config/plainProcess.ts';
import { Environment } from '../../src/controller/environment.ts';
import type { EnvironmentOptions } from '../../src/controller/environmentOptions.ts';
import type { SecretSource } from '../../src/controller/secretSource.ts';
import { openStateFolder, type StateFolder } from '../../src/store/stateFolder.ts';
import type { ProcessSnapshot } from '../../src/controller/snapshot.ts';

/** Absolute path of a program in test/fixtures/programs. */
export function program(name: string): string {
  return join(import.meta.dirname, '..', 'fixtures', 'programs', name);
}

/** A process definition with quick defaults: no restarts, ready once alive, short grace period. */
export function processModel(
  name: string,
  command: ProcessModel['command'],
  more: Partial<ProcessModel> = {},
): ProcessModel {
  return plainProcess({
    name,
    command,
    workdir: tmpdir(),
    autostart: true,
    startupTimeoutMs: 20_000,
    restart: {
      policy: 'never',
      maxRetries: 5,
      delayMs: 10,
      backoff: 1,
      maxDelayMs: 1_000,
      windowMs: 60_000,
      jitter: 0,
      breaker: undefined,
    },
    stop: { signal: 'SIGTERM', command: undefined, timeoutMs: 5_000 },
    ...more,
  });
}

export function environmentModel(
  folder: string,
  processes: readonly ProcessModel[],
  more: Partial<EnvironmentModel> = {},
): EnvironmentModel {
  return {
    folder,
    configPath: join(folder, 'dev-env.yaml'),
    autostart: true,
    onStartFailure: 'keep',
    processes,
    activeProfiles: [],
    envFiles: [],
    ...more,
  };
}

export interface TestEnvironment extends AsyncDisposable {
  readonly environment: Environment;
  readonly folder: string;
  readonly stateFolder: StateFolder;
  /** Resolves once the condition holds for the process; looks at every change. */
  until(name: string, condition: (process: ProcessSnapshot) => boolean): Promise<ProcessSnapshot>;
}

/** What else an environment is made of. */
export type TestOptions = Partial<Omit<EnvironmentOptions, 'model' | 'stateFolder'>>;

/** An environment in a folder of its own, which is stopped and removed when it is disposed. */
export async function openTestEnvironment(
  processes: readonly ProcessModel[],
  more: Partial<EnvironmentModel> = {},
  options: TestOptions | ((stateFolder: StateFolder) => TestOptions) = {},
  secrets?: SecretSource,
): Promise<TestEnvironment> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-env-test-')));
  const stateFolder = await openStateFolder(folder, join(folder, '.state'));
  const environment = new Environment({
    model: environmentModel(folder, processes, more),
    stateFolder,
    hostEnv: process.env,
    ...(typeof options === 'function' ? options(stateFolder) : options),
    secrets,
  });
  return {
    environment,
    folder,
    stateFolder,
    until(name, condition) {
      return new Promise((resolve) => {
        const subscription = environment.onDidChange(look);
        look();
        function look(): void {
          const snapshot = environment.process(name);
          if (snapshot === undefined || !condition(snapshot)) return;
          subscription.dispose();
          resolve(snapshot);
        }
      });
    },
    async [Symbol.asyncDispose]() {
      await environment.stop(undefined, { force: true });
      environment.dispose();
      await environment.flush();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
