import * as vscode from 'vscode';
import type { OperationResult } from '../../controller/snapshot.ts';
import type { ProcessRef } from '../environments.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import type { Ability } from '../processFacts.ts';
import { type CommandHandlers, isTrustedOrTell } from './registerCommands.ts';
import type { Targets } from './targets.ts';
import { type Controller, withViewProgress } from './viewProgress.ts';

type Operation = (controller: Controller, names: readonly string[]) => Promise<OperationResult>;

type LifecycleCommand =
  | 'devEnv.startAll'
  | 'devEnv.stopAll'
  | 'devEnv.restartAll'
  | 'devEnv.applyChanges'
  | 'devEnv.startProcess'
  | 'devEnv.startProcessWithoutDependencies'
  | 'devEnv.stopProcess'
  | 'devEnv.stopProcessWithoutDependents'
  | 'devEnv.restartProcess';

/** Commands that start and stop. A failure is told by the process itself, not by the command. */
export function lifecycleCommands(targets: Targets): Pick<CommandHandlers, LifecycleCommand> {
  const { t } = vscode.l10n;
  const all = (operation: (controller: Controller) => Promise<OperationResult>) => {
    return async (...args: readonly unknown[]): Promise<void> => {
      if (!isTrustedOrTell()) return;
      await withViewProgress(targets.environments(args), operation);
    };
  };
  const some = (ability: Ability, question: string, operation: Operation) => {
    return async (...args: readonly unknown[]): Promise<void> => {
      if (!isTrustedOrTell()) return;
      const refs = await targets.processes(args, ability, question);
      if (refs === undefined) return;
      const names = groupByEnvironment(refs);
      await withViewProgress([...names.keys()], (controller, environment) =>
        operation(controller, names.get(environment) ?? []),
      );
    };
  };
  return {
    'devEnv.startAll': all((controller) => controller.start()),
    'devEnv.stopAll': all((controller) => controller.stop()),
    'devEnv.restartAll': all((controller) => controller.restart()),
    'devEnv.applyChanges': all((controller) => controller.applyChanges()),
    'devEnv.startProcess': some('canStart', t('Start which process?'), (controller, names) =>
      controller.start(names),
    ),
    'devEnv.startProcessWithoutDependencies': some(
      'canStart',
      t('Start which process, without its dependencies?'),
      (controller, names) => controller.start(names, { withDependencies: false }),
    ),
    'devEnv.stopProcess': some('canStop', t('Stop which process?'), (controller, names) =>
      controller.stop(names),
    ),
    'devEnv.stopProcessWithoutDependents': some(
      'canStop',
      t('Stop which process, but not those that depend on it?'),
      (controller, names) => controller.stop(names, { withDependents: false }),
    ),
    'devEnv.restartProcess': some('canRestart', t('Restart which process?'), (controller, names) =>
      controller.restart(names),
    ),
  };
}

function groupByEnvironment(refs: readonly ProcessRef[]): Map<FolderEnvironment, string[]> {
  const groups = new Map<FolderEnvironment, string[]>();
  for (const { environment, name } of refs) {
    const names = groups.get(environment);
    if (names === undefined) groups.set(environment, [name]);
    else names.push(name);
  }
  return groups;
}
