import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { ControlServer } from '../../src/control/controlServer.ts';
import { ControllerTarget } from '../../src/control/controlTarget.ts';
import { EnvironmentSeat } from '../../src/controller/environmentSeat.ts';
import type { SecretSource } from '../../src/controller/secretSource.ts';
import type { CliStage } from './cliStage.ts';

/** What a window of the editor does on a folder that it opens. */
export async function openWindow(
  stage: CliStage,
  secrets?: SecretSource,
): Promise<EnvironmentSeat> {
  const configPath = join(stage.folder, 'dev-env.yaml');
  const { model } = await loadConfig({
    text: await readFile(configPath, 'utf8'),
    configPath,
    folder: stage.folder,
    hostEnv: process.env,
  });
  assert.ok(model);
  const seat = new EnvironmentSeat({
    model,
    stateFolder: stage.stateFolder,
    hostEnv: process.env,
    secrets,
    label: 'a window',
    onWriteError: (message) => assert.fail(message),
    attach: (environment) =>
      ControlServer.open(
        new ControllerTarget(environment, {
          owner: { kind: 'editor', pid: process.pid, label: 'a window' },
        }),
        stage.stateFolder.socketPath,
      ),
    onController: () => undefined,
  });
  await seat.sit();
  return seat;
}
