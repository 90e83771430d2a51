import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { hostCache } from './paths.ts';
import { isAlive } from './processTable.ts';

const unfinished = /^unfinished-(\d+)-/;

/**
 * Gives back a folder of the cache, made by `fill` when it is not there yet. It appears whole or
 * not at all: `fill` works in a folder of another name, so that an interrupted fetch leaves nothing
 * that looks complete, and two fetches at once do no harm (the first to finish wins).
 */
export async function fetchOnce(
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(hostCache, name);
  if (existsSync(folder)) return folder;
  await mkdir(hostCache, { recursive: true });
  await removeUnfinished();
  const temporary = await mkdtemp(join(hostCache, `unfinished-${process.pid}-`));
  try {
    await fill(temporary);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** What fetches that were killed have left. */
async function removeUnfinished(): Promise<void> {
  for (const entry of await readdir(hostCache)) {
    const pid = unfinished.exec(entry)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(hostCache, entry), { recursive: true, force: true });
  }
}
