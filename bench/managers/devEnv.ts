import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOwner } from '../../src/control/findOwner.ts';
import { openStateFolder } from '../../src/store/stateFolder.ts';
import type { Job, Manager, Order } from './manager.ts';
import { endProgram, startProgram } from './program.ts';

const root = join(import.meta.dirname, '..', '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};
const cli = join(root, 'dist', 'cli.cjs');

/** The delay that is asked for; the loop that restarts has to turn once in any case. */
const restartDelayMs = 1;

/** This project, through its command line, in the foreground. JSON is YAML. */
export const devEnv: Manager = {
  name: 'dev-env',
  version,
  abilities: new Set(['dependencies', 'restart', 'log', 'health', 'thousand']),
  restartDelayMs,
  start: (order) => {
    const { folder, env } = order;
    writeFileSync(join(folder, 'dev-env.yaml'), JSON.stringify(fileOf(order)));
    const state = join(folder, 'state');
    const child = startProgram(process.execPath, [cli, 'up'], {
      cwd: folder,
      env: { ...env, DEV_ENV_STATE_HOME: state },
    });
    return Promise.resolve({
      pid: () => child.pid,
      stop: () => endProgram(child, 'SIGINT'),
      managed: async () => {
        const owner = await findOwner(await openStateFolder(folder, state));
        const processes = owner?.status.owner?.pid === child.pid ? owner?.status.processes : [];
        return (processes ?? []).filter(({ state: name }) => name === 'running').length;
      },
      logPath: (job) => join(state, readdirSync(state)[0] ?? '', 'logs', job, '1.log'),
    });
  },
};

/** Runs it once, so that what is measured is no first start after an installation. */
export async function warmUp(folder: string): Promise<void> {
  const task = { name: 'task', type: 'task', command: 'true' };
  writeFileSync(join(folder, 'dev-env.yaml'), JSON.stringify({ processes: [task] }));
  const env = { ...process.env, DEV_ENV_STATE_HOME: join(folder, 'state') };
  const child = startProgram(process.execPath, [cli, 'up'], { cwd: folder, env });
  await once(child, 'exit');
}

function fileOf({ jobs, graceMs }: Order): unknown {
  const stop = { timeout: `${String(graceMs)}ms` };
  return {
    processes: jobs.map((job) => ({
      name: job.name,
      // A dollar is for variables of the file.
      command: job.command.replaceAll('$', () => '$$'),
      stop,
      ...optional(job),
    })),
  };
}

function optional({ readyLine, dependsOn, isRestarted, healthUrl }: Job): object {
  return {
    ...(readyLine === undefined ? {} : { ready: { log: readyLine } }),
    ...(dependsOn === undefined ? {} : { depends_on: dependsOn }),
    ...(isRestarted === true
      ? {
          restart: {
            policy: 'always',
            delay: `${String(restartDelayMs)}ms`,
            backoff: 1,
            max_retries: 'unlimited',
            breaker: false,
            jitter: 0,
          },
        }
      : { restart: 'never' }),
    ...(healthUrl === undefined ? {} : { health_check: { http: healthUrl, interval: '10s' } }),
  };
}
