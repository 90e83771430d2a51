import { Environment } from '../../src/controller/environment.ts';
import type { ProcessSnapshot } from '../../src/controller/snapshot.ts';
import type { TestEnvironment } from './testEnvironment.ts';

export interface NextHost extends AsyncDisposable {
  readonly environment: Environment;
  /** Resolves once the condition holds for the process; looks at every change. */
  until(name: string, condition: (process: ProcessSnapshot) => boolean): Promise<ProcessSnapshot>;
}

/** Lets go of a test's environment as a host that ends does, and takes it up as the next one does. */
export async function nextHost(test: TestEnvironment): Promise<NextHost> {
  await test.environment.flush();
  test.environment.dispose();
  await test.environment.flush();
  const environment = new Environment({
    model: test.environment.model,
    stateFolder: test.stateFolder,
    hostEnv: process.env,
  });
  await environment.recover();
  return {
    environment,
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
    },
  };
}
