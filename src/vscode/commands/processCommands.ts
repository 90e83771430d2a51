import * as vscode from 'vscode';
import type { ProcessSnapshot } from '../../controller/snapshot.ts';
import type { ProcessRef } from '../environments.ts';
import type { Ability } from '../processFacts.ts';
import type { CommandHandlers } from './registerCommands.ts';
import type { Targets } from './targets.ts';

type ProcessCommand = 'devEnv.openUrl' | 'devEnv.copyUrl' | 'devEnv.copyPid' | 'devEnv.copyCommand';

/** Commands that show or copy something of one process. */
export function processCommands(targets: Targets): Pick<CommandHandlers, ProcessCommand> {
  const { t } = vscode.l10n;
  const one = (
    ability: Ability | undefined,
    question: string,
    action: (process: ProcessSnapshot, ref: ProcessRef) => unknown,
  ) => {
    return async (...args: readonly unknown[]): Promise<void> => {
      const ref = await targets.process(args, ability, question);
      const process = ref?.environment.controller?.process(ref.name);
      if (ref !== undefined && process !== undefined) await action(process, ref);
    };
  };
  return {
    'devEnv.openUrl': one('hasUrl', t('Open the URL of which process?'), openUrl),
    'devEnv.copyUrl': one('hasUrl', t('Copy the URL of which process?'), ({ url }) => copy(url)),
    'devEnv.copyPid': one('hasPid', t('Copy the PID of which process?'), ({ pid }) =>
      copy(pid?.toString()),
    ),
    'devEnv.copyCommand': one(
      undefined,
      t('Copy the command of which process?'),
      ({ commandLine }) => copy(commandLine),
    ),
  };
}

/** On a remote machine, `localhost` is somewhere else: the workbench knows the way there. */
async function openUrl({ name, url }: ProcessSnapshot): Promise<void> {
  if (url === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} has no URL.', name));
    return;
  }
  await vscode.env.openExternal(await vscode.env.asExternalUri(vscode.Uri.parse(url, true)));
}

async function copy(text: string | undefined): Promise<void> {
  if (text === undefined) return;
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('$(copy) Copied {0}', text), 3000);
}
