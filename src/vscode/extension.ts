import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { systemClock } from '../base/clock.ts';
import { setListenerErrorHandler } from '../base/emitter.ts';
import { type DevEnvApi, createApi } from './api.ts';
import { AutoStart } from './autoStart.ts';
import { Changes } from './changes.ts';
import { conflictCommands } from './commands/conflictCommands.ts';
import { fileCommands } from './commands/fileCommands.ts';
import { groupCommands } from './commands/groupCommands.ts';
import { lifecycleCommands } from './commands/lifecycleCommands.ts';
import { logCommands } from './commands/logCommands.ts';
import { processCommands } from './commands/processCommands.ts';
import { registerCommands } from './commands/registerCommands.ts';
import { secretCommands } from './commands/secretCommands.ts';
import { Targets } from './commands/targets.ts';
import { ContextKeys } from './contextKeys.ts';
import { Dashboard } from './dashboard/dashboard.ts';
import { RecentEvents } from './dashboard/recentEvents.ts';
import { Environments } from './environments.ts';
import { explainCommands, Explanations } from './explain/explainCommands.ts';
import { FailureNotifier } from './failureNotifier.ts';
import { Logs } from './logs.ts';
import { Overview } from './overview.ts';
import { Profiles } from './profiles.ts';
import { Secrets } from './secrets/secrets.ts';
import { showProcessPicker } from './status/processPicker.ts';
import { StatusBar } from './status/statusBar.ts';
import { registerDimming } from './tree/dimming.ts';
import { ProcessesView } from './tree/processesView.ts';
import { TerminalCommand } from './terminalCommand.ts';
import { ProcessTree } from './tree/processTree.ts';
import { UsageWatch } from './usageWatch.ts';
import { registerYaml } from './yaml/registerYaml.ts';

let environments: Environments | undefined;

/** Puts everything together. Nothing here decides anything. */
export function activate(context: vscode.ExtensionContext): DevEnvApi {
  // The core does not know vscode, and gets its words through this.
  if (vscode.l10n.bundle !== undefined) l10n.config({ contents: vscode.l10n.bundle });
  const owned = context.subscriptions;
  const log = vscode.window.createOutputChannel('Dev Env', { log: true });
  setListenerErrorHandler((error) => log.error(error instanceof Error ? error : String(error)));
  const clock = systemClock;

  const profiles = new Profiles(context.workspaceState);
  const secrets = new Secrets(context.secrets);
  const all = new Environments(log, profiles, secrets);
  environments = all;
  const overview = new Overview(all, new ContextKeys(), clock);
  const logs = new Logs(all, clock, context.workspaceState, log);
  const usage = new UsageWatch(all);
  const events = new RecentEvents(all, clock);
  const dashboard = new Dashboard(context.extensionUri, {
    environments: all,
    events,
    usage,
    clock,
  });
  const explanations = new Explanations(all, clock);
  owned.push(profiles, explanations, secrets, registerDimming());
  const tree = new ProcessTree(all, clock, usage);
  const autoStart = new AutoStart(all, context.workspaceState);
  const targets = new Targets(all);
  const { documents, registration } = registerYaml(all, overview);
  owned.push(dashboard, events);
  owned.push(log, all, overview, logs, usage, tree, autoStart, registration);
  owned.push(new ProcessesView(tree, overview, usage), new StatusBar(overview, clock));
  owned.push(new TerminalCommand(context));
  owned.push(new FailureNotifier(all, logs.outputs, clock), new Changes(all));

  const examplePath = vscode.Uri.joinPath(context.extensionUri, 'dev-env.example.yaml').fsPath;
  const commands = {
    ...lifecycleCommands(targets),
    ...groupCommands(targets, profiles),
    ...explainCommands(targets, explanations),
    ...processCommands(targets),
    ...logCommands(all, targets, logs),
    ...conflictCommands(targets),
    ...secretCommands(all, secrets),
    ...fileCommands({ environments: all, targets, documents, examplePath }),
    'devEnv.showProcesses': () => showProcessPicker(all, overview),
    'devEnv.openDashboard': () => dashboard.show(),
    'devEnv.reviewAutoStart': () => autoStart.review(),
    'devEnv.resetAutoStart': () => autoStart.reset(),
    'devEnv.takeOver': () => Promise.all(all.live().map((environment) => environment.takeOver())),
    'devEnv.showExtensionLog': () => log.show(true),
  };
  owned.push(registerCommands(commands, log));

  // Not awaited: activation is done when everything is wired, files are read after that.
  void all.load();
  return createApi(all);
}

/** The host grants about five seconds, in which the `vscode` API can no longer be relied on. */
export async function deactivate(): Promise<void> {
  await environments?.leave();
}
