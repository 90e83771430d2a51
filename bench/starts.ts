/**
 * A hundred independent processes: through the environment (with records, run ids, an exit
 * recorder, states and events) against a loop that does nothing but spawn the same command with its
 * output to a file.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import {
  type Comparison,
  compare,
  definition,
  scratchFolder,
  timed,
  withEnvironment,
} from './support.ts';

const count = 100;
const command = ['sleep', '600'] as const;

export async function measureStarts(rounds = 7): Promise<Comparison> {
  return compare(rounds, 2, bareSpawnLoop, throughEnvironment);
}

async function bareSpawnLoop(): Promise<number> {
  const children: ChildProcess[] = [];
  const [program, ...args] = command;
  const folder = scratchFolder();
  try {
    return await timed(async () => {
      for (let i = 0; i < count; i += 1) {
        const fd = openSync(path.join(folder, `${String(i)}.log`), 'a');
        children.push(spawn(program, args, { stdio: ['ignore', fd, fd], detached: true }));
        closeSync(fd);
      }
      await Promise.all(children.map((child) => once(child, 'spawn')));
    });
  } finally {
    const ended = children.map((child) => once(child, 'close'));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(ended);
  }
}

async function throughEnvironment(): Promise<number> {
  const processes = [...Array(count).keys()].map((i) =>
    definition({ name: `sleeper-${i}`, command: [...command] }),
  );
  return withEnvironment(processes, async (environment) =>
    timed(async () => {
      const { failed } = await environment.start();
      if (failed.length > 0) throw new Error(failed[0]?.reason);
    }),
  );
}
