import * as vscode from 'vscode';
import type { ProcessRef } from '../environments.ts';
import { showLeftovers } from '../leftovers.ts';
import { canChoosePort, chooseAnotherPort, stopHolderAndStart } from '../portConflict.ts';
import { watchAsExternal } from '../watchAsExternal.ts';
import { type CommandHandlers, isTrustedOrTell } from './registerCommands.ts';
import type { Targets } from './targets.ts';

type ConflictCommand = 'devEnv.resolvePortConflict' | 'devEnv.findLeftovers';

/** Commands for programs that are in the way. */
export function conflictCommands(targets: Targets): Pick<CommandHandlers, ConflictCommand> {
  return {
    'devEnv.resolvePortConflict': async (...args) => {
      if (!isTrustedOrTell()) return;
      const question = vscode.l10n.t('Resolve the port conflict of which process?');
      const ref = await targets.process(args, 'hasPortConflict', question);
      if (ref !== undefined) await resolve(ref);
    },
    'devEnv.findLeftovers': showLeftovers,
  };
}

async function resolve(ref: ProcessRef): Promise<void> {
  const { t } = vscode.l10n;
  const process = ref.environment.controller?.process(ref.name);
  if (process?.failure !== 'port-in-use') {
    void vscode.window.showInformationMessage(t('{0} has no port conflict.', ref.name));
    return;
  }
  const offers = [
    ...(process.portHolder?.pid === undefined
      ? []
      : [{ label: t('Stop That Program and Start'), act: () => stopHolderAndStart(ref) }]),
    ...(canChoosePort(ref)
      ? [{ label: t('Choose Another Port'), act: () => chooseAnotherPort(ref) }]
      : [{ label: t('Watch It as External Instead'), act: () => watchAsExternal(ref) }]),
    {
      label: t('Try Again'),
      act: () => ref.environment.controller?.start([ref.name]),
    },
  ];
  const choice = await vscode.window.showQuickPick(offers, {
    title: ref.name,
    placeHolder: process.reason ?? '',
  });
  await choice?.act();
}
