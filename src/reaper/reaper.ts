import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { systemClock, delay } from '../base/clock.ts';
import { loadConfig } from '../config/load.ts';
import type { EnvironmentModel } from '../config/model.ts';
import { EnvironmentSession } from '../controller/environmentSession.ts';
import { modelOfRecords } from '../controller/recovery.ts';
import type { SecretSource } from '../controller/secretSource.ts';
import { PortBook } from '../store/portBook.ts';
import { openStateFolder, type StateFolder } from '../store/stateFolder.ts';

/**
 * Stops an environment after its window was closed. A host that ends cannot tell a reload from a
 * close, and has no time to wait for programs to end; so it leaves this program behind, which waits
 * a while, and goes away when a host has taken the environment up again by then.
 *
 * The secrets that stop commands need come on stdin, as one JSON object, and stay in memory.
 *
 * Usage: node reaper.cjs FOLDER CONFIG-FILE GRACE-MS
 */
async function reap(folder: string, configPath: string, graceMs: number): Promise<void> {
  const secrets = givenSecrets(await readStdin());
  await delay(systemClock, graceMs);
  const hasToGo = new AbortController();
  const stateFolder = await openStateFolder(folder);
  const opened = await EnvironmentSession.open({
    model: await loadModel(folder, configPath, stateFolder),
    stateFolder,
    hostEnv: process.env,
    secrets,
    label: 'the end of a closed window',
    waitMs: 0,
    // A window that cannot wait goes on from wherever the stopping is.
    onReleaseRequested: () => hasToGo.abort(),
  });
  if (opened.kind === 'elsewhere') return;
  const { session } = opened;
  const stopped = session.environment.stop(undefined, { by: 'close' });
  // What does not end for good, whatever is done, must not keep the environment locked.
  await Promise.race([stopped, delay(systemClock, patienceMs, hasToGo.signal)]);
  await session.release();
}

/** Longer than any sensible grace periods one after the other, in ms. */
const patienceMs = 10 * 60_000;

/** Without a good file the records say what runs, and in which order it is stopped. */
async function loadModel(
  folder: string,
  configPath: string,
  stateFolder: StateFolder,
): Promise<EnvironmentModel> {
  try {
    const book = await PortBook.open(stateFolder);
    const { model } = await loadConfig({
      text: await readFile(configPath, 'utf8'),
      configPath,
      folder,
      hostEnv: process.env,
      assignPort: (name) => book.assign(name),
    });
    if (model !== undefined) return model;
  } catch {
    // The file has gone, or a port cannot be noted: nothing that stopping needs.
  }
  return modelOfRecords(stateFolder, folder, configPath);
}

/** All of it, once the host that writes it has ended or said all; it may have said nothing. */
async function readStdin(): Promise<string> {
  let text = '';
  try {
    for await (const chunk of process.stdin.setEncoding('utf8')) text += String(chunk);
  } catch {
    // What the host did not get to say.
  }
  return text;
}

/** What is not among them is not there: nobody can be asked. A stop does without its command then. */
function givenSecrets(text: string): SecretSource {
  let values = new Map<string, string>();
  try {
    values = new Map(Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(text))));
  } catch {
    // Cut off, or never written.
  }
  const find = (names: readonly string[]): Promise<ReadonlyMap<string, string>> =>
    Promise.resolve(new Map([...values].filter(([name]) => names.includes(name))));
  return { get: find, known: find };
}

async function main(): Promise<void> {
  const [folder, configPath, graceMs] = process.argv.slice(2);
  if (folder === undefined || configPath === undefined) process.exit(64);
  await reap(folder, configPath, Number(graceMs));
  process.exit(0);
}

void main();
