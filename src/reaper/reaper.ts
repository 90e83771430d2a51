import { readFile } from 'node:fs/promises';
import { systemClock, delay } from '../base/clock.ts';
import { loadConfig } from '../config/load.ts';
import type { EnvironmentModel } from '../config/model.ts';
import { EnvironmentSession } from '../controller/environmentSession.ts';
import { modelOfRecords } from '../controller/recovery.ts';
import { PortBook } from '../store/portBook.ts';
import { openStateFolder, type StateFolder } from '../store/stateFolder.ts';

/**
 * Stops an environment after its window was closed. A host that ends cannot tell a reload from a
 * close, and has no time to wait for programs to end; so it leaves this program behind, which waits
 * a while, and goes away when a host has taken the environment up again by then.
 *
 * Usage: node reaper.cjs FOLDER CONFIG-FILE GRACE-MS
 */
async function reap(folder: string, configPath: string, graceMs: number): Promise<void> {
  await delay(systemClock, graceMs);
  const stateFolder = await openStateFolder(folder);
  const opened = await EnvironmentSession.open({
    model: await loadModel(folder, configPath, stateFolder),
    stateFolder,
    hostEnv: process.env,
    label: 'the end of a closed window',
    waitMs: 0,
  });
  if (opened.kind === 'elsewhere') return;
  const { session } = opened;
  await session.environment.stop(undefined, { by: 'close' });
  await session.release();
}

/** Without a good file the records say what runs, and in which order it is stopped. */
async function loadModel(
  folder: string,
  configPath: string,
  stateFolder: StateFolder,
): Promise<EnvironmentModel> {
  const book = await PortBook.open(stateFolder);
  const text = await readFile(configPath, 'utf8').catch(() => '');
  const { model } = await loadConfig({
    text,
    configPath,
    folder,
    hostEnv: process.env,
    assignPort: (name) => book.assign(name),
  });
  return model ?? modelOfRecords(stateFolder, folder, configPath);
}

async function main(): Promise<void> {
  const [folder, configPath, graceMs] = process.argv.slice(2);
  if (folder === undefined || configPath === undefined) process.exit(64);
  await reap(folder, configPath, Number(graceMs));
  process.exit(0);
}

void main();
