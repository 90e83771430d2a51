import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type FoundOwner, findOwner } from '../control/findOwner.ts';
import { stateHomeVariable, type StateFolder } from '../store/stateFolder.ts';
import { backgroundCommand } from './backgroundCommand.ts';
import type { Context } from './context.ts';
import { CliError, exitCodes } from './exitCodes.ts';

/** What the background program says on its standard output, once. */
export interface BackgroundMessage {
  readonly isReady: boolean;
  readonly exitCode?: number;
  readonly message?: string;
}

/** The owner of the environment; a program in the background, started now, when there is none. */
export async function ownerOrBackground(
  context: Context,
  stateFolder: StateFolder,
): Promise<FoundOwner> {
  for (;;) {
    const owner = await findOwner(stateFolder);
    if (owner !== undefined) return owner;
    // Two may be started at once: one gets the environment, and the other one goes away.
    await startBackground(context, stateFolder);
  }
}

async function startBackground(
  { place, profiles }: Context,
  stateFolder: StateFolder,
): Promise<void> {
  const script = process.argv[1] ?? '';
  const log = openSync(join(stateFolder.path, 'background.log'), 'w', 0o600);
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      script,
      ...['--file', place.configPath, '--folder', place.folder, '--no-color'],
      ...profiles.flatMap((profile) => ['--profile', profile]),
      backgroundCommand,
    ],
    {
      cwd: place.folder,
      detached: true,
      stdio: ['ignore', 'pipe', log],
      windowsHide: true,
      env: {
        ...process.env,
        // In an editor's terminal this program is Electron, which is Node when it is told so.
        ELECTRON_RUN_AS_NODE: '1',
        [stateHomeVariable]: dirname(stateFolder.path),
      },
    },
  );
  closeSync(log);
  const { stdout } = child;
  if (stdout === null) throw new Error('There is no pipe from the program in the background.');
  const message = await new Promise<BackgroundMessage>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) =>
      resolve({
        isReady: false,
        message: `The program in the background ended (${String(code)}).`,
      }),
    );
    createInterface({ input: stdout }).once('line', (line) => {
      resolve(JSON.parse(line) as BackgroundMessage);
    });
  });
  child.removeAllListeners();
  stdout.destroy();
  child.unref();
  if (!message.isReady) {
    throw new CliError(
      message.exitCode === exitCodes.config ? exitCodes.config : exitCodes.unreachable,
      message.message ?? '',
    );
  }
}
