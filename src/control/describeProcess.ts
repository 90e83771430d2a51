import * as l10n from '@vscode/l10n';
import { DevEnvError } from '../base/errors.ts';
import type { EnvironmentController } from '../controller/snapshot.ts';

/**
 * Why a process is in its state, as lines of text.
 * @throws DevEnvError `unknown-process`
 */
export function describeProcess(controller: EnvironmentController, name: string): string[] {
  const process = controller.process(name);
  if (process === undefined) {
    throw new DevEnvError('unknown-process', l10n.t('There is no process "{0}".', name));
  }
  const lines = [
    process.reason === undefined
      ? l10n.t('{0} is {1}', name, process.state)
      : l10n.t('{0} is {1}: {2}', name, process.state, process.reason),
  ];
  for (const dependency of process.dependsOn) {
    const { state, reason } = controller.process(dependency.name) ?? {};
    lines.push(
      reason === undefined
        ? l10n.t('needs {0} ({1}): {2}', dependency.name, dependency.condition, state ?? '?')
        : l10n.t(
            'needs {0} ({1}): {2}, {3}',
            dependency.name,
            dependency.condition,
            state ?? '?',
            reason,
          ),
    );
  }
  if (process.healthReason !== undefined) lines.push(process.healthReason);
  return lines;
}
