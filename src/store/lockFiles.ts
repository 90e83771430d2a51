import { link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import { systemErrorCode } from '../base/errors.ts';
import { temporaryEnding, temporaryName, writeAtomically } from './atomicFile.ts';

/**
 * The files of a lock, one per generation: who takes it over from generation n makes the file of
 * n + 1, which the system lets exactly one do. Nobody ever removes the newest file; so, unlike with
 * one file that is removed and made again, a slow rival that judged an old owner to be dead can
 * never remove or replace the lock of the one who was faster.
 */

const ownerSchema = z.object({
  pid: z.int(),
  startTime: z.string(),
  label: z.string(),
  host: z.string(),
  isReleased: z.boolean(),
  /** It gives the environment to any host of an editor: it is there for as long as there is none. */
  isStandIn: z.optional(z.boolean()),
});

/** Who holds, or held, a generation of the lock. */
export type LockEntry = z.infer<typeof ownerSchema>;

export interface Generation {
  readonly number: number;
  /** Undefined while it is being written, or when it is damaged. */
  readonly entry: LockEntry | undefined;
  /** When the owner last gave a sign of life; ms since the epoch. */
  readonly touchedMs: number;
}

/** Old generations that stay, so that one who slept over a few does not make their files anew. */
const keptGenerations = 4;

export const thisHost = hostname();

export function generationFile(folder: string, generation: number): string {
  return path.join(folder, `${String(generation)}.lock`);
}

/** The newest generation; undefined when the lock was never held. */
export async function newestGeneration(folder: string): Promise<Generation | undefined> {
  for (;;) {
    const number = Math.max(0, ...(await listGenerations(folder)));
    if (number === 0) return undefined;
    const file = generationFile(folder, number);
    try {
      const { mtimeMs } = await stat(file);
      return { number, entry: parseEntry(await readFile(file, 'utf8')), touchedMs: mtimeMs };
    } catch (error) {
      // Already an old one, and removed: there is a newer one.
      if (systemErrorCode(error) !== 'ENOENT') throw error;
    }
  }
}

/** Makes `generation`; false when somebody else was first, or is further already. */
export async function claimGeneration(
  folder: string,
  generation: number,
  entry: LockEntry,
): Promise<boolean> {
  const file = generationFile(folder, generation);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!(await createWhole(file, JSON.stringify(entry)))) return false;
  const all = await listGenerations(folder);
  if (Math.max(...all) !== generation) {
    await rm(file, { force: true });
    return false;
  }
  const old = all.filter((number) => number <= generation - keptGenerations);
  await Promise.allSettled(old.map((number) => rm(generationFile(folder, number))));
  return true;
}

/** Marks `generation` as free, unless the file is gone: it must not be made anew. */
export async function releaseGeneration(
  folder: string,
  generation: number,
  entry: LockEntry,
): Promise<void> {
  const file = generationFile(folder, generation);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (!isHeldBy(parseEntry(text), entry)) return;
  await writeAtomically(file, JSON.stringify({ ...entry, isReleased: true }));
}

/** Whether `present` says that the lock is held by whom `entry` names. */
export function isHeldBy(present: LockEntry | undefined, entry: LockEntry): boolean {
  return (
    present !== undefined &&
    !present.isReleased &&
    present.pid === entry.pid &&
    present.startTime === entry.startTime &&
    present.host === entry.host
  );
}

async function listGenerations(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names.flatMap((name) => {
    const number = /^([1-9]\d{0,14})\.lock$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

/** Makes `file` with all its content at once; false when it is there already. */
async function createWhole(file: string, text: string): Promise<boolean> {
  const temporary = temporaryName(file);
  try {
    await writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
    await link(temporary, file);
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST') return false;
    // A file system without hard links: then it is empty for a moment, which readers know.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') {
      return await createNew(file, text);
    }
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function createNew(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function parseEntry(text: string): LockEntry | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Removes what a claim that was killed half-way left behind. */
export async function removeLeftovers(folder: string, olderThanMs: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith(temporaryEnding)) continue;
    const file = path.join(folder, name);
    const stats = await stat(file).catch(() => undefined);
    if (stats !== undefined && stats.mtimeMs < olderThanMs) await rm(file, { force: true });
  }
}
