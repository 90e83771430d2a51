import { randomUUID } from 'node:crypto';
import { canFindMarked, findMarked } from '../../scripts/host/processTable.ts';

/**
 * Proves that a suite leaves no process behind. Loaded by mocha (`require`), it marks this
 * process's environment, which every child inherits, and after the last test looks for living
 * processes that carry the mark.
 */
const markerName = 'DEV_ENV_TEST';

// Always a new one: inside a suite that runs another, the outer one's processes are not ours.
const marker = randomUUID();
process.env[markerName] = marker;

export const mochaHooks: Mocha.RootHookObject = {
  async afterAll() {
    if (!canFindMarked) {
      console.warn('Left-over processes cannot be checked on this platform.');
      return;
    }
    // What was told to end a moment ago may need one.
    const find = () => findMarked(markerName).filter(({ value }) => value === marker);
    let leftovers = find();
    for (const end = Date.now() + 20_000; leftovers.length > 0 && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      leftovers = find();
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
