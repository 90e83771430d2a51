import type { Logging, ProcessModel } from './model.ts';

/** How a log is kept when nothing is written about it. */
export const plainLogging: Logging = {
  maxSizeBytes: 100_000_000,
  maxFiles: 3,
  format: 'text',
};

/** A service with nothing but a name and a command, everything else as if it was not written. */
export function plainProcess(
  own: Pick<ProcessModel, 'name' | 'command' | 'workdir'> & Partial<ProcessModel>,
): ProcessModel {
  return {
    kind: 'service',
    description: undefined,
    runner: undefined,
    external: undefined,
    groups: [],
    profiles: [],
    fileEnv: {},
    env: {},
    secretEnv: {},
    envCommands: [],
    envExclude: [],
    port: undefined,
    url: undefined,
    autostart: false,
    dependsOn: [],
    ready: { kind: 'alive' },
    healthCheck: undefined,
    startupTimeoutMs: 60_000,
    restart: {
      policy: 'never',
      maxRetries: 0,
      delayMs: 0,
      backoff: 1,
      maxDelayMs: 0,
      windowMs: 0,
      jitter: 0,
      breaker: undefined,
    },
    stop: { signal: 'SIGTERM', command: undefined, timeoutMs: 10_000 },
    timeoutMs: undefined,
    successExitCodes: [0],
    schedule: undefined,
    watch: undefined,
    limits: undefined,
    logging: plainLogging,
    tty: false,
    interactive: false,
    problemMatchers: [],
    ...own,
  };
}
