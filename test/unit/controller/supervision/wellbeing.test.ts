import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealthCheck, ProcessModel } from '../../../../src/config/model.ts';
import type { ProcessSnapshot } from '../../../../src/controller/snapshot.ts';
import { identify } from '../../../../src/process/identity.ts';
import { nextHost } from '../../../support/nextHost.ts';
import { openTestEnvironment, processModel } from '../../../support/testEnvironment.ts';

const sleeper = 'exec sleep 600';
const unwellFile = (): string => join(tmpdir(), `dev-env-unwell-${process.pid}-${Math.random()}`);
const isRunning = ({ state }: ProcessSnapshot): boolean => state === 'running';

/** A service that is unhealthy while a file is there. */
function patient(
  file: string,
  onFailure: HealthCheck['onFailure'],
  more: Partial<ProcessModel> = {},
) {
  return processModel('api', sleeper, {
    healthCheck: {
      probe: {
        kind: 'command',
        command: `test ! -e '${file}' || exit 1`,
        timeoutMs: 30_000,
      },
      intervalMs: 20,
      failureThreshold: 2,
      successThreshold: 1,
      onFailure,
    },
    ...more,
  });
}

describe('Health of a running process', () => {
  let file = '';
  beforeEach(() => {
    file = unwellFile();
  });
  afterEach(() => rm(file, { force: true }));

  it('is reported, and comes and goes', async () => {
    await using test = await openTestEnvironment([patient(file, 'report')]);
    await test.environment.start();
    assert.equal(test.environment.process('api')?.health, 'unknown');
    await test.until('api', ({ health }) => health === 'healthy');
    await writeFile(file, '');
    const { healthReason, state } = await test.until('api', ({ health }) => health === 'unhealthy');
    assert.match(healthReason ?? '', /^exit code 1/);
    assert.equal(state, 'running');
    await rm(file);
    const { healthReason: reason, run } = await test.until(
      'api',
      ({ health }) => health === 'healthy',
    );
    assert.deepEqual([reason, run], [undefined, 1]);
  });

  it('restarts it through the restart policy, and begins anew with each run', async () => {
    await using test = await openTestEnvironment([patient(file, 'restart')]);
    await test.environment.start();
    await writeFile(file, '');
    const { reason } = await test.until(
      'api',
      ({ state }) => state === 'backoff' || state === 'stopping',
    );
    assert.match(reason ?? '', /^unhealthy: /);
    await rm(file);
    const { health, restarts, restartCounts } = await test.until(
      'api',
      (now) => now.run > 1 && isRunning(now) && now.health === 'healthy',
    );
    assert.equal(health, 'healthy');
    assert.ok(restarts >= 1);
    assert.deepEqual(Object.keys(restartCounts), ['health']);
  });

  it('stops it for good', async () => {
    await using test = await openTestEnvironment([patient(file, 'stop')]);
    await writeFile(file, '');
    await test.environment.start();
    const { failure, reason, pid } = await test.until('api', ({ state }) => state === 'failed');
    assert.deepEqual([failure, pid], ['unhealthy', undefined]);
    assert.match(reason ?? '', /^unhealthy: /);
  });

  it('is asked on after the end of the host', async () => {
    await using test = await openTestEnvironment([patient(file, 'report')]);
    await test.environment.start();
    await test.until('api', ({ health }) => health === 'healthy');
    await using next = await nextHost(test);
    assert.equal(next.environment.process('api')?.health, 'healthy');
    await writeFile(file, '');
    await next.until('api', ({ health }) => health === 'unhealthy');
  });
});

describe('Tasks', () => {
  it('end well with an exit code of the list, and keep their result', async () => {
    await using test = await openTestEnvironment([
      processModel('lint', 'exit 2', { kind: 'task', successExitCodes: [0, 2] }),
    ]);
    await test.environment.start();
    const { state, result } = test.environment.process('lint')!;
    assert.equal(state, 'completed');
    assert.deepEqual([result?.run, result?.exit.code], [1, 2]);
    assert.ok(result!.durationMs >= 0);
    await using next = await nextHost(test);
    assert.deepEqual(next.environment.process('lint')?.result, result);
    await next.environment.start(['lint']);
    assert.equal(next.environment.process('lint')?.result?.run, 2);
  });

  it('fail with any other, services too', async () => {
    const restart = {
      ...processModel('x', 'x').restart,
      policy: 'on-failure' as const,
      maxRetries: 0,
    };
    await using test = await openTestEnvironment([
      processModel('task', 'exit 0', { kind: 'task', successExitCodes: [2] }),
      processModel('service', 'exit 2', { successExitCodes: [0, 2], restart }),
    ]);
    await test.environment.start();
    assert.equal((await test.until('task', ({ state }) => state === 'failed')).failure, 'exited');
    await test.until('service', ({ state }) => state === 'stopped');
  });

  it('that take too long are ended with their whole tree', async () => {
    const marker = join(tmpdir(), `dev-env-child-${process.pid}`);
    await using test = await openTestEnvironment([
      processModel('slow', `sleep 600 & echo $! > ${marker}; wait`, {
        kind: 'task',
        timeoutMs: 1_000,
      }),
    ]);
    const { failed } = await test.environment.start();
    assert.deepEqual(failed, [{ name: 'slow', reason: 'not done after 1 s' }]);
    assert.equal(test.environment.process('slow')?.failure, 'timed-out');
    const child = Number(readFileSync(marker, 'utf8'));
    await rm(marker);
    assert.equal(await identify(child), undefined);
  });

  it('that was begun by an earlier host is ended in time by the next one', async () => {
    await using test = await openTestEnvironment([
      processModel('slow', sleeper, { kind: 'task', timeoutMs: 1_500 }),
    ]);
    void test.environment.start();
    await test.until('slow', isRunning);
    await using next = await nextHost(test);
    const { failure } = await next.until('slow', ({ state }) => state === 'failed');
    assert.equal(failure, 'timed-out');
  });
});
