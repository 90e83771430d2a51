import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manager } from './manager.ts';
import { endProgram, startProgram } from './program.ts';

/** `mprocs`, on the pseudo-terminal of util-linux' `script`, since it wants a screen. */
export function mprocs(binFolder: string, version: string): Manager {
  return {
    name: 'mprocs',
    version,
    // What was said is on its screen, and in no file.
    abilities: new Set(),
    restartDelayMs: 0,
    start: ({ jobs, folder, env }) => {
      const procs = Object.fromEntries(jobs.map(({ name, command }) => [name, { shell: command }]));
      writeFileSync(join(folder, 'mprocs.yaml'), JSON.stringify({ procs }));
      const line = `stty rows 50 cols 200; exec ${join(binFolder, 'mprocs')} --config mprocs.yaml`;
      const child = startProgram('script', ['-qec', line, '/dev/null'], {
        cwd: folder,
        env: { ...env, TERM: 'xterm-256color' },
      });
      return Promise.resolve({
        // `script` starts a shell, which becomes mprocs.
        pid: () => childOf(child.pid),
        stop: () => endProgram(child, 'SIGTERM'),
        logPath: () => undefined,
      });
    },
  };
}

function childOf(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined;
  try {
    const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'latin1');
    const [first = ''] = children.trim().split(' ');
    return first === '' ? undefined : Number(first);
  } catch {
    return undefined;
  }
}
