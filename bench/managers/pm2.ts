import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../../scripts/host/runTool.ts';
import type { Manager } from './manager.ts';
import { startProgram } from './program.ts';

/** `pm2 start` with a daemon of its own for each order. */
export function pm2(binFolder: string, version: string): Manager {
  return {
    name: 'pm2',
    version,
    abilities: new Set(['restart', 'log']),
    restartDelayMs: 0,
    start: (order) => {
      const { folder, jobs, graceMs } = order;
      const home = join(folder, 'pm2');
      const env = { ...order.env, PM2_HOME: home, PM2_DISCRETE_MODE: 'true', CI: 'true' };
      const file = join(folder, 'ecosystem.config.json');
      const apps = jobs.map(({ name, command, isRestarted }) => ({
        name,
        script: '/bin/sh',
        args: ['-c', command],
        interpreter: 'none',
        autorestart: isRestarted === true,
        restart_delay: 0,
        min_uptime: 0,
        kill_timeout: graceMs,
      }));
      writeFileSync(file, JSON.stringify({ apps }));
      const bin = join(binFolder, 'pm2');
      startProgram(process.execPath, [bin, 'start', file], { cwd: folder, env });
      return Promise.resolve({
        pid: () => pidIn(join(home, 'pm2.pid')),
        stop: async () => {
          await runTool(process.execPath, [bin, 'kill'], { cwd: folder, env });
        },
        logPath: (job) => join(home, 'logs', `${job}-out.log`),
      });
    },
  };
}

function pidIn(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
