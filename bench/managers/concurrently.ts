import { join } from 'node:path';
import type { Manager } from './manager.ts';
import { endProgram, startProgram } from './program.ts';

/** `npx concurrently`: a Node program with a pipe to each command. */
export function concurrently(binFolder: string, version: string): Manager {
  return {
    name: 'concurrently',
    version,
    abilities: new Set(['restart', 'log', 'thousand']),
    restartDelayMs: 0,
    start: ({ jobs, folder, env, graceMs }) => {
      const isRestarted = jobs.some((job) => job.isRestarted === true);
      const args = [
        join(binFolder, 'concurrently'),
        ...['--names', jobs.map(({ name }) => name).join(','), '--prefix', 'name'],
        ...['--kill-timeout', String(graceMs)],
        ...(isRestarted ? ['--restart-tries', '-1', '--restart-after', '0'] : []),
        ...jobs.map(({ command }) => command),
      ];
      const child = startProgram(process.execPath, args, { cwd: folder, env });
      return Promise.resolve({
        pid: () => child.pid,
        stop: () => endProgram(child, 'SIGTERM'),
        logPath: () => join(folder, 'manager.log'),
      });
    },
  };
}
