import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type * as vscode from 'vscode';
import { stateHomeVariable } from '../store/stateFolder.ts';

/** How long after a host has ended its environment is stopped, unless another host has it then. */
const graceMs = 10_000;

/** Another grace period, in ms: for tests of a reload, which must pass however slow the machine is. */
const graceVariable = 'DEV_ENV_REAPER_GRACE_MS';

/** What the reaper has to know. */
export interface ReaperTask {
  readonly folder: string;
  readonly configPath: string;
  readonly statePath: string;
  /** By name: what stop commands need. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Leaves the reaper behind, a program of its own that outlives this host. In desktop VS Code the
 * host's program is Electron, which is Node when it is told so.
 */
export function startReaper(task: ReaperTask, log: vscode.LogOutputChannel): void {
  const { folder, configPath, statePath, secrets } = task;
  // __dirname is the folder of the bundle, beside which the reaper lies.
  const child = spawn(
    process.execPath,
    [
      join(__dirname, 'reaper.cjs'),
      folder,
      configPath,
      process.env[graceVariable] ?? String(graceMs),
    ],
    {
      cwd: tmpdir(),
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', [stateHomeVariable]: dirname(statePath) },
    },
  );
  child.on('error', (error) => log.error(error));
  // Over a pipe, since others can read arguments, environments and files. It holds 64 KB, so that
  // all is in it before this host has ended.
  child.stdin.on('error', (error) => log.error(error));
  child.stdin.end(JSON.stringify(secrets));
  child.unref();
}
