import type { ProcessSnapshot } from '../../../src/controller/snapshot.ts';

/** A service that never ran, with `more` on top. */
export function exampleSnapshot(more: Partial<ProcessSnapshot> = {}): ProcessSnapshot {
  return {
    name: 'api',
    kind: 'service',
    description: undefined,
    state: 'stopped',
    sinceMs: undefined,
    reason: undefined,
    failure: undefined,
    portHolder: undefined,
    stoppedBy: undefined,
    run: 0,
    pid: undefined,
    startedAtMs: undefined,
    readyAtMs: undefined,
    restarts: 0,
    nextStartAtMs: undefined,
    lastExit: undefined,
    commandLine: 'npm run dev',
    workdir: '/shop/backend',
    port: undefined,
    url: undefined,
    autostart: true,
    dependsOn: [],
    dependents: [],
    hasPendingChange: false,
    isWatched: false,
    isRemoved: false,
    logPath: undefined,
    ...more,
  };
}
