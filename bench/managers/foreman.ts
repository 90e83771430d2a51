import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manager } from './manager.ts';
import { endProgram, startProgram } from './program.ts';

/** `foreman start` of the Ruby gem, where the machine has it. */
export function foreman(binary: string, version: string): Manager {
  return {
    name: 'foreman',
    version,
    abilities: new Set(['log']),
    restartDelayMs: 0,
    start: ({ jobs, folder, env, graceMs }) => {
      const lines = jobs.map(
        ({ name, command }) => `${name}: /bin/sh -c '${command.replaceAll("'", String.raw`'\''`)}'`,
      );
      writeFileSync(join(folder, 'Procfile'), `${lines.join('\n')}\n`);
      const args = ['start', '--timeout', String(Math.ceil(graceMs / 1000))];
      const child = startProgram(binary, args, { cwd: folder, env });
      return Promise.resolve({
        pid: () => child.pid,
        stop: () => endProgram(child, 'SIGTERM'),
        logPath: () => join(folder, 'manager.log'),
      });
    },
  };
}
