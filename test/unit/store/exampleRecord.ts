import type { RunRecord } from '../../../src/store/runRecord.ts';

/** A record of a run, an intent unless a PID is given. */
export function exampleRecord(change: Partial<RunRecord> & { name: string }): RunRecord {
  return {
    environment: 'shop-0123456789',
    kind: 'service',
    definitionHash: 'abcdef',
    run: 3,
    runId: '0123456789abcdef',
    bootedAtMs: 1_600_000_000_000,
    dependsOn: ['db'],
    stop: { signal: 'SIGTERM', timeoutMs: 10_000 },
    ports: [5000],
    logPath: '/state/logs/api/3.log',
    state: 'starting',
    sinceMs: 1_700_000_000_000,
    stateDetails: { phase: 'held', then: { kind: 'stopped' } },
    restarts: 1,
    lastExits: [{ run: 2, code: 1, atMs: 1_699_999_999_000, cause: 'exited with code 1 – ümlaut' }],
    ...change,
  };
}
