import * as vscode from 'vscode';
import { ControlServer } from '../control/controlServer.ts';
import { ControllerTarget } from '../control/controlTarget.ts';
import type { Environment } from '../controller/environment.ts';
import type { StateFolder } from '../store/stateFolder.ts';

/** Opens an environment that this window runs to the command line, until it is closed. */
export function serveEnvironment({
  socketPath,
}: StateFolder): (environment: Environment) => Promise<ControlServer> {
  const pid = process.pid;
  const label = vscode.l10n.t('a VS Code window (extension host {0})', pid);
  return (environment) =>
    ControlServer.open(
      new ControllerTarget(environment, { owner: { kind: 'editor', pid, label } }),
      socketPath,
    );
}
