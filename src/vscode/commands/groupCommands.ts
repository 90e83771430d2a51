import * as vscode from 'vscode';
import { groupPrefix } from '../../controller/targets.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import type { Ability } from '../processFacts.ts';
import { profileNames, type Profiles } from '../profiles.ts';
import { type CommandHandlers, isTrustedOrTell } from './registerCommands.ts';
import type { Targets } from './targets.ts';
import { withViewProgress } from './viewProgress.ts';

type GroupCommand =
  'devEnv.startGroup' | 'devEnv.stopGroup' | 'devEnv.restartGroup' | 'devEnv.selectProfiles';

/** Commands for several processes at a time: groups, and the profiles that say what all means. */
export function groupCommands(
  targets: Targets,
  profiles: Profiles,
): Pick<CommandHandlers, GroupCommand> {
  const { t } = vscode.l10n;
  const group = (verb: 'start' | 'stop' | 'restart', ability: Ability, question: string) => {
    return async (...args: readonly unknown[]): Promise<void> => {
      if (!isTrustedOrTell()) return;
      const target = await targets.group(args, ability, question);
      if (target === undefined) return;
      await withViewProgress([target.environment], (controller) =>
        controller[verb]([`${groupPrefix}${target.name}`]),
      );
    };
  };
  return {
    'devEnv.startGroup': group('start', 'canStart', t('Start which group?')),
    'devEnv.stopGroup': group('stop', 'canStop', t('Stop which group?')),
    'devEnv.restartGroup': group('restart', 'canRestart', t('Restart which group?')),
    'devEnv.selectProfiles': async (...args) => {
      for (const environment of targets.environments(args)) {
        if (!(await selectProfiles(environment, profiles))) return;
      }
    },
  };
}

interface ProfileItem extends vscode.QuickPickItem {
  readonly profile: string;
}

/** False when the person gave up. Folders without profiles are passed over. */
async function selectProfiles(
  environment: FolderEnvironment,
  profiles: Profiles,
): Promise<boolean> {
  const { controller, folder } = environment;
  const written = environment.result?.model ?? controller?.model;
  if (controller === undefined || written === undefined) return true;
  const names = profileNames(written);
  if (names.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('No process of {0} is in a profile.', folder.name),
    );
    return true;
  }
  const active = new Set(controller.model.activeProfiles);
  const items = names.map((profile): ProfileItem => ({
    profile,
    label: profile,
    description: written.processes
      .filter((process) => process.profiles.includes(profile))
      .map(({ name }) => name)
      .join(', '),
    picked: active.has(profile),
  }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: vscode.l10n.t('Profiles of {0}', folder.name),
    placeHolder: vscode.l10n.t('Which processes are started with everything?'),
  });
  if (picked === undefined) return false;
  const chosen = picked.map(({ profile }) => profile);
  // What the file says anyway goes on following the file.
  const isAsWritten = sameNames(
    chosen,
    written.activeProfiles.filter((name) => names.includes(name)),
  );
  await profiles.choose(folder, isAsWritten ? undefined : chosen);
  return true;
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}
