import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manager } from './manager.ts';
import { endProgram, startProgram } from './program.ts';

/** `supervisord`, in the foreground. */
export function supervisor(binFolder: string, version: string): Manager {
  return {
    name: 'supervisor',
    version,
    abilities: new Set(['restart', 'log', 'thousand']),
    restartDelayMs: 0,
    start: ({ jobs, folder, env, graceMs }) => {
      const programs = jobs.map(({ name, command, isRestarted }) =>
        [
          `[program:${name}]`,
          // Percent signs are for its own variables.
          `command=/bin/sh -c ${JSON.stringify(command).replaceAll('%', '%%')}`,
          `autorestart=${isRestarted === true ? 'true' : 'false'}`,
          'startsecs=0',
          'startretries=1000',
          `stopwaitsecs=${String(Math.ceil(graceMs / 1000))}`,
          'stopasgroup=true',
          'killasgroup=true',
          `stdout_logfile=${join(folder, `${name}.log`)}`,
          'stdout_logfile_maxbytes=0',
          'redirect_stderr=true',
        ].join('\n'),
      );
      const head = [
        '[supervisord]',
        'nodaemon=true',
        'minfds=8192',
        `logfile=${join(folder, 'supervisord.log')}`,
        `pidfile=${join(folder, 'supervisord.pid')}`,
        `childlogdir=${folder}`,
        ...(process.getuid?.() === 0 ? ['user=root'] : []),
      ].join('\n');
      const file = join(folder, 'supervisord.conf');
      writeFileSync(file, `${[head, ...programs].join('\n\n')}\n`);
      const child = startProgram(join(binFolder, 'supervisord'), ['-c', file], {
        cwd: folder,
        env,
      });
      return Promise.resolve({
        pid: () => child.pid,
        stop: () => endProgram(child, 'SIGTERM'),
        logPath: (job) => join(folder, `${job}.log`),
      });
    },
  };
}
