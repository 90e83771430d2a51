import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import type { OperationResult } from '../../controller/snapshot.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import { processesViewId } from '../ids.ts';

export type Controller = NonNullable<FolderEnvironment['controller']>;

/**
 * Shows that something is under way as a bar in the view, where it disturbs nobody. The bar ends
 * with the first failure, since it hides the badge that counts failures.
 */
export async function withViewProgress(
  environments: readonly FolderEnvironment[],
  operation: (controller: Controller, environment: FolderEnvironment) => Promise<OperationResult>,
): Promise<void> {
  const done = Promise.all(
    environments.map(async (environment) => {
      const { controller } = environment;
      if (controller !== undefined) await operation(controller, environment);
    }),
  );
  const failed = firstFailure(environments);
  void vscode.window.withProgress({ location: { viewId: processesViewId } }, () =>
    Promise.race([done, failed.promise]).catch(() => undefined),
  );
  try {
    await done;
  } finally {
    failed.dispose();
  }
}

function firstFailure(environments: readonly FolderEnvironment[]): {
  readonly promise: Promise<void>;
  readonly dispose: () => void;
} {
  const links = new DisposableStore();
  const promise = new Promise<void>((resolve) => {
    for (const environment of environments) links.add(environment.onDidFail(() => resolve()));
  });
  return { promise, dispose: () => links.dispose() };
}
