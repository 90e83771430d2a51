import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { type Clock, delay } from '../../base/clock.ts';
import { systemErrorCode } from '../../base/errors.ts';
import { type ControlGroup, groupPrefix } from './limitPlan.ts';

/** How long members may take to leave a group that are dead already, in ms. */
const removeTimeoutMs = 5_000;

/**
 * Makes a control group, empty, with its limits set.
 * @throws the system error when one of them cannot be set; the group is gone again then.
 */
export function makeControlGroup({ folder, settings }: ControlGroup): void {
  mkdirSync(folder);
  try {
    for (const { files, value, isOptional } of settings) {
      const file = files.map((name) => path.join(folder, name)).find((each) => existsSync(each));
      if (file === undefined && isOptional === true) continue;
      writeFileSync(file ?? path.join(folder, files[0] ?? ''), value, { flag: 'r+' });
    }
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
}

/** Only a folder with such a name was made for a run, whatever a file on disk says. */
export function isOwnGroup(folder: string): boolean {
  return (
    path.posix.isAbsolute(folder) &&
    path.posix.normalize(folder) === folder &&
    path.posix.basename(folder).startsWith(groupPrefix)
  );
}

/** Was this folder made for this very run? */
export function isGroupOf(runId: string, folder: string): boolean {
  return isOwnGroup(folder) && path.posix.basename(folder) === groupPrefix + runId;
}

/**
 * Removes the control group of a run that is gone, with those that its programs made in it.
 * @returns whether it is gone; it is not while something is alive in it.
 */
export async function removeControlGroup(folder: string, clock: Clock): Promise<boolean> {
  if (!isOwnGroup(folder)) return false;
  const endMs = clock.now() + removeTimeoutMs;
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 500)) {
    if (tryToRemove(folder)) return true;
    if (clock.now() >= endMs || membersOfGroup(folder).length > 0) return false;
    // The dead leave a moment after they were seen dead.
    await delay(clock, pauseMs);
  }
}

/** Removes a group that nobody was in. */
export function removeEmptyGroup(folder: string): boolean {
  return isOwnGroup(folder) && tryToRemove(folder);
}

function tryToRemove(folder: string): boolean {
  try {
    for (const inner of innerGroups(folder)) tryToRemove(inner);
    rmdirSync(folder);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT';
  }
}

/** PIDs of all who are in the group, or in those that were made in it. */
export function membersOfGroup(folder: string): number[] {
  try {
    const own = readFileSync(path.join(folder, 'cgroup.procs'), 'latin1');
    // The kernel writes 0 for whom it does not name here, which as a PID means oneself.
    const pids = own.split('\n').filter((line) => line !== '' && line !== '0');
    return [...pids.map(Number), ...innerGroups(folder).flatMap(membersOfGroup)];
  } catch {
    return [];
  }
}

/** How many processes of the group the kernel has ended, because its memory was used up. */
export function memoryKills(folder: string): number {
  // The names of version 2 and 1.
  for (const name of ['memory.events', 'memory.oom_control']) {
    try {
      const text = readFileSync(path.join(folder, name), 'latin1');
      return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
    } catch {
      // The other version, a group for something else, or none any more.
    }
  }
  return 0;
}

function innerGroups(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name));
}
