import { join } from 'node:path';
import * as vscode from 'vscode';
import { copyLog } from '../../store/logCopy.ts';
import { readLogHead } from '../../store/logHead.ts';
import { deleteOldLogs, findOldLogs, type OldLogs } from '../../store/oldLogs.ts';
import type { Environments, ProcessRef } from '../environments.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import type { Logs } from '../logs.ts';
import { formatBytes } from '../output/byteWords.ts';
import { isActive } from '../processFacts.ts';
import { isTreeNode } from '../tree/nodes.ts';
import type { CommandHandlers } from './registerCommands.ts';
import type { Targets } from './targets.ts';

type LogCommand =
  | 'devEnv.showLog'
  | 'devEnv.clearLog'
  | 'devEnv.openTerminal'
  | 'devEnv.openLogFile'
  | 'devEnv.showMergedLog'
  | 'devEnv.filterMergedLog'
  | 'devEnv.deleteOldLogs';

/** Commands that show what processes have said. */
export function logCommands(
  environments: Environments,
  targets: Targets,
  { outputs, terminals, merged }: Logs,
): Pick<CommandHandlers, LogCommand> {
  const { t } = vscode.l10n;
  const one = (question: string, action: (ref: ProcessRef) => unknown) => {
    return async (...args: readonly unknown[]): Promise<void> => {
      const ref = await targets.process(args, 'hasLog', question);
      if (ref !== undefined) await action(ref);
    };
  };
  return {
    'devEnv.showLog': one(t('Show the log of which process?'), (ref) => outputs.show(ref)),
    'devEnv.clearLog': one(t('Clear the log of which process?'), (ref) => outputs.clear(ref)),
    'devEnv.openTerminal': one(t('Open the terminal of which process?'), (ref) =>
      terminals.show(ref),
    ),
    'devEnv.openLogFile': one(t('Open the log file of which process?'), openLogFile),
    'devEnv.showMergedLog': async (...args) => {
      const refs = await mergedRefs(environments, targets, args);
      if (refs !== undefined && refs.length > 0) merged.show(refs);
    },
    'devEnv.filterMergedLog': () => merged.filter(),
    'devEnv.deleteOldLogs': (...args) => askAndDelete(targets.environments(args)),
  };
}

async function openLogFile({ environment, name }: ProcessRef): Promise<void> {
  const { controller } = environment;
  const logPath = controller?.process(name)?.logPath;
  if (controller === undefined || logPath === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} has not run yet.', name));
    return;
  }
  const hasSecrets = controller.model.processes.some(
    ({ secretEnv }) => Object.keys(secretEnv).length > 0,
  );
  // The file itself goes on by itself in the editor, but holds zeros where its head was dropped.
  const path =
    hasSecrets || readLogHead(logPath) > 0
      ? await copyLog(logPath, (line) => controller.mask(line))
      : logPath;
  await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: true });
}

/** What the arguments name; all, or what a person chooses, when they name nothing. */
async function mergedRefs(
  environments: Environments,
  targets: Targets,
  args: readonly unknown[],
): Promise<readonly ProcessRef[] | undefined> {
  const [first] = args;
  const all = environments.processes();
  if (isTreeNode(first) && first.kind === 'folder') {
    return all.map(({ ref }) => ref).filter((ref) => ref.environment === first.environment);
  }
  if (isTreeNode(first) && first.kind === 'group') {
    return membersOf(environments, first.environment, first.name);
  }
  if (first !== undefined && first !== null) return targets.processes(args, undefined, '');
  const groups = new Map(
    all.flatMap(({ ref, process }) =>
      process.groups.map(
        (group) =>
          [
            `${ref.environment.folder.uri.toString()} ${group}`,
            { environment: ref.environment, group },
          ] as const,
      ),
    ),
  );
  if (groups.size === 0) return all.map(({ ref }) => ref);
  const { t } = vscode.l10n;
  const items = [
    { label: t('All processes'), of: () => all.map(({ ref }) => ref) },
    ...[...groups.values()].map(({ environment, group }) => ({
      label: group,
      description: t('group'),
      of: () => membersOf(environments, environment, group),
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: t('Show the logs of which processes as one?'),
  });
  return picked?.of();
}

function membersOf(
  environments: Environments,
  environment: FolderEnvironment,
  group: string,
): ProcessRef[] {
  return environments
    .processes()
    .filter(({ ref, process }) => ref.environment === environment && process.groups.includes(group))
    .map(({ ref }) => ref);
}

async function askAndDelete(environments: readonly FolderEnvironment[]): Promise<void> {
  const { t } = vscode.l10n;
  const found = await Promise.all(environments.map(oldLogsOf));
  const runs = found.reduce((sum, each) => sum + each.runs, 0);
  const bytes = found.reduce((sum, each) => sum + each.bytes, 0);
  if (runs === 0) {
    void vscode.window.showInformationMessage(t('There are no logs of runs that are over.'));
    return;
  }
  const ok = t('Delete');
  const choice = await vscode.window.showWarningMessage(
    t('Delete the logs of {0} runs that are over?', runs),
    {
      modal: true,
      detail: t('{0} are freed. The logs of what runs now stay.', formatBytes(bytes)),
    },
    ok,
  );
  if (choice !== ok) return;
  for (const [index, environment] of environments.entries()) {
    // What has begun since is not among them.
    const old = found[index];
    const living = livingLogs(environment);
    if (old === undefined) continue;
    const files = old.files.filter((file) => !living.has(file));
    await deleteOldLogs({ ...old, files });
  }
}

async function oldLogsOf(environment: FolderEnvironment): Promise<OldLogs> {
  const { statePath } = environment;
  if (statePath === undefined) return { runs: 0, bytes: 0, files: [] };
  return findOldLogs(join(statePath, 'logs'), livingLogs(environment));
}

function livingLogs({ controller }: FolderEnvironment): ReadonlySet<string> {
  const paths = (controller?.processes() ?? [])
    .filter((process) => isActive(process) || process.pid !== undefined)
    .map(({ logPath }) => logPath);
  return new Set(paths.filter((path) => path !== undefined));
}
