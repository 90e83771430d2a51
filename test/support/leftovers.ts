import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Proves that a suite leaves no process behind. Loaded by mocha (`require`), it marks this
 * process's environment, which every child inherits, and after the last test looks for living
 * processes that carry the mark.
 */
export const markerName = 'DEV_ENV_TEST';

/** A living process that carries a marker. */
export interface Leftover {
  readonly pid: number;
  readonly commandLine: string;
}

/** Whether this platform shows the environment of other processes (only Linux does, in /proc). */
export const canFindLeftovers = process.platform === 'linux';

/**
 * Every process but this one whose environment at its start held `name=value`. Zombies are left
 * out: an orphan stays one for ever where PID 1 does not reap, and it holds nothing any more.
 */
export function findLeftovers(value: string, name: string = markerName): Leftover[] {
  if (!canFindLeftovers) return [];
  const found: Leftover[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      // Empty for zombies, whose memory is gone.
      const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      if (!variables.includes(`${name}=${value}`)) continue;
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      found.push({ pid, commandLine: words.join(' ').trim() });
    } catch {
      // It ended while we looked, or belongs to someone else.
    }
  }
  return found;
}

// Always a new one: inside a suite that runs another, the outer one's processes are not ours.
const marker = randomUUID();
process.env[markerName] = marker;

export const mochaHooks: Mocha.RootHookObject = {
  async afterAll() {
    if (!canFindLeftovers) {
      console.warn('Left-over processes cannot be checked on this platform.');
      return;
    }
    // What was told to end a moment ago may need one.
    let leftovers = findLeftovers(marker);
    for (const end = Date.now() + 2000; leftovers.length > 0 && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      leftovers = findLeftovers(marker);
    }
    if (leftovers.length === 0) return;
    for (const { pid } of leftovers) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Ended by itself after all.
      }
    }
    const list = leftovers.map(({ pid, commandLine }) => `  ${pid} ${commandLine}`).join('\n');
    throw new Error(`The tests left processes behind (now killed):\n${list}`);
  },
};
