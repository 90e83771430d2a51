import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, Manager } from './manager.ts';
import { endProgram, startProgram } from './program.ts';

/** `process-compose up` without its screen and its server. */
export function processCompose(binary: string, version: string): Manager {
  return {
    name: 'process-compose',
    version,
    abilities: new Set(['dependencies', 'restart', 'log', 'health', 'thousand']),
    // Whole seconds, at least one.
    restartDelayMs: 1000,
    start: ({ jobs, folder, env, graceMs }) => {
      const processes = Object.fromEntries(
        jobs.map((job) => [job.name, processOf(job, folder, graceMs)]),
      );
      const file = join(folder, 'process-compose.yaml');
      writeFileSync(file, JSON.stringify({ version: '0.5', processes }));
      const args = ['up', '--config', file, '--tui=false', '--no-server', '--keep-project'];
      const child = startProgram(binary, args, { cwd: folder, env });
      return Promise.resolve({
        pid: () => child.pid,
        stop: () => endProgram(child, 'SIGTERM'),
        logPath: (job) => join(folder, `${job}.log`),
      });
    },
  };
}

function processOf(job: Job, folder: string, graceMs: number): object {
  const { name, command, readyLine, dependsOn, isRestarted, healthUrl } = job;
  return {
    // A dollar is for its own variables.
    command: command.replaceAll('$', () => '$$'),
    log_location: join(folder, `${name}.log`),
    shutdown: { timeout_seconds: Math.ceil(graceMs / 1000) },
    availability: isRestarted === true ? { restart: 'always', backoff_seconds: 1 } : {},
    ...(readyLine === undefined ? {} : { ready_log_line: readyLine }),
    ...(dependsOn === undefined
      ? {}
      : {
          depends_on: Object.fromEntries(
            dependsOn.map((other) => [other, { condition: 'process_log_ready' }]),
          ),
        }),
    ...(healthUrl === undefined ? {} : { liveness_probe: probeOf(healthUrl) }),
  };
}

function probeOf(url: string): object {
  const { hostname, port, pathname } = new URL(url);
  return {
    http_get: { host: hostname, port, path: pathname, scheme: 'http' },
    period_seconds: 10,
    initial_delay_seconds: 1,
  };
}
