import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { type ControllerName, type LimitCapabilities, onlySampling } from './chooseMeans.ts';
import { removeControlGroup } from './controlGroups.ts';
import { candidatesV2, type GroupTexts, ownGroupsV1 } from './groupPlaces.ts';
import { groupPrefix } from './limitPlan.ts';
import { countUserTasks } from './userTasks.ts';

/** What is asked does not take long; a bus that does not answer is none. */
const timeoutMs = 10_000;

let detected: Promise<LimitCapabilities> | undefined;

/**
 * What this machine lets this user do to hold limits. Tried out, and not only looked up: a group is
 * made, entered by a small program, and removed. Done once; the number of tasks is counted anew,
 * for those who ask for it.
 */
export async function limitCapabilities(
  { isCountingTasks = false } = {},
  platform: NodeJS.Platform = process.platform,
): Promise<LimitCapabilities> {
  if (platform !== 'linux') {
    const hasRlimits = platform !== 'win32';
    return { ...onlySampling, hasRlimits };
  }
  detected ??= detect();
  const userTasks = isCountingTasks ? countUserTasks() : undefined;
  return { ...(await detected), userTasks };
}

async function detect(): Promise<LimitCapabilities> {
  const texts = readGroupTexts();
  const [groupsV2, groupsV1, systemdControllers] = await Promise.all([
    tryV2(texts),
    tryV1(texts),
    trySystemd(),
  ]);
  return { ...onlySampling, hasRlimits: true, groupsV2, groupsV1, systemdControllers };
}

function readGroupTexts(): GroupTexts {
  try {
    return {
      mountinfo: readFileSync('/proc/self/mountinfo', 'utf8'),
      cgroup: readFileSync('/proc/self/cgroup', 'utf8'),
    };
  } catch {
    return { mountinfo: '', cgroup: '' };
  }
}

async function tryV2(texts: GroupTexts): Promise<LimitCapabilities['groupsV2']> {
  for (const parent of candidatesV2(texts)) {
    // What is not handed down to its groups yet is not for us to hand down: it is not our group.
    const controllers = readControllers(path.join(parent, 'cgroup.subtree_control'));
    if (controllers.length > 0 && (await canMakeGroups(parent))) return { parent, controllers };
  }
  return undefined;
}

async function tryV1(texts: GroupTexts): Promise<LimitCapabilities['groupsV1']> {
  const own = Object.entries(ownGroupsV1(texts)) as [ControllerName, string][];
  const tried = await Promise.all(
    own.map(
      async ([controller, parent]) => [controller, parent, await canMakeGroups(parent)] as const,
    ),
  );
  return Object.fromEntries(
    tried.filter(([, , can]) => can).map(([controller, parent]) => [controller, parent]),
  );
}

/** Whether a group can be made there, and a program can put itself into it. */
async function canMakeGroups(parent: string): Promise<boolean> {
  const folder = path.join(parent, `${groupPrefix}trial-${randomBytes(6).toString('hex')}`);
  try {
    accessSync(parent, constants.W_OK);
    mkdirSync(folder);
  } catch {
    return false;
  }
  const isEntered = await run('/bin/sh', ['-c', 'echo 0 >"$1"', 'sh', path.join(folder, 'cgroup.procs')]); // prettier-ignore
  return (await removeControlGroup(folder, systemClock)) && isEntered !== undefined;
}

/** Scopes of the user's systemd: which controllers they have is seen from the inside of one. */
async function trySystemd(): Promise<readonly ControllerName[]> {
  const { env } = process;
  if (env['XDG_RUNTIME_DIR'] === undefined && env['DBUS_SESSION_BUS_ADDRESS'] === undefined) {
    return [];
  }
  const args = ['--user', '--scope', '--quiet', '--collect', 'cat', '/proc/self/cgroup'];
  const shown = await run('systemd-run', args);
  const scope = /^0::(.+)$/m.exec(shown ?? '')?.[1];
  return scope === undefined ? [] : systemdControllers(scope);
}

/** What its slice hands down. */
function systemdControllers(scope: string): readonly ControllerName[] {
  const slice = path.posix.dirname(scope);
  return readControllers(path.posix.join('/sys/fs/cgroup', slice, 'cgroup.controllers'));
}

function readControllers(file: string): ControllerName[] {
  try {
    const names = readFileSync(file, 'latin1').trim().split(/\s+/);
    return (['memory', 'cpu', 'pids', 'io'] as const).filter((name) => names.includes(name));
  } catch {
    return [];
  }
}

/** What a program printed, if it ended well. */
function run(file: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: timeoutMs, encoding: 'utf8' }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });
}
