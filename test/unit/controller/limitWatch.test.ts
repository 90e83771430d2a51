import assert from 'node:assert/strict';
import type { Limits, ProcessModel } from '../../../src/config/model.ts';
import { countReadings, isExceeded } from '../../../src/process/limits/sampledLimits.ts';
import { openTestEnvironment, processModel, program } from '../../support/testEnvironment.ts';

const unlimited: Limits = {
  memoryBytes: undefined,
  cpuPercent: undefined,
  openFiles: undefined,
  processes: undefined,
  ioWeight: undefined,
  onLimit: 'report',
};

describe('limits that are looked at', function () {
  this.timeout(400_000);

  it('are exceeded after readings in a row, and no longer after one below', () => {
    const held = [
      { limit: 'memory', value: 100, means: 'sampling' },
      { limit: 'cpu', value: 50, means: 'sampling' },
      { limit: 'processes', value: 2, means: 'cgroup-v2' },
    ] as const;
    const reading = (memoryBytes: number, cpuPercent: number | undefined) => ({
      memoryBytes,
      cpuPercent,
      processes: 9,
    });
    let counts = {};
    const shown: unknown[] = [];
    for (const each of [
      reading(101, undefined),
      reading(101, 51),
      reading(100, 51),
      reading(101, 51),
      reading(101, 10),
    ]) {
      counts = countReadings(held, each, counts);
      const over = held.map(({ limit }) => limit).filter((limit) => isExceeded(limit, counts));
      shown.push(over.join(' '));
    }
    // What the kernel holds is never counted here.
    assert.deepEqual(shown, ['', 'memory', '', 'cpu', 'memory']);
  });

  it('act on real programs as the file says: report, stop, restart', async () => {
    process.env['DEV_ENV_LIMITS'] = 'sampling';
    const taker = (onLimit: Limits['onLimit']): ProcessModel => {
      const command = [process.execPath, program('takeMemory.mjs'), '200'] as const;
      const model = processModel(onLimit, command, {
        limits: { ...unlimited, memoryBytes: 150_000_000, onLimit },
      });
      return onLimit === 'restart'
        ? { ...model, restart: { ...model.restart, policy: 'on-failure' } }
        : model;
    };
    try {
      const all = ['report', 'stop', 'restart'] as const;
      await using stage = await openTestEnvironment(all.map(taker));
      // Looked at more often.
      stage.environment.usage.demand('watched');
      await stage.environment.start();

      const reported = await stage.until('report', ({ limits }) => limits[0]?.isExceeded === true);
      assert.equal(reported.state, 'running');
      assert.deepEqual(reported.limits, [
        { limit: 'memory', value: 150_000_000, means: 'sampling', isExceeded: true },
      ]);
      const failed = await stage.until('stop', ({ state }) => state === 'failed');
      assert.equal(failed.failure, 'limit-exceeded');
      assert.match(failed.reason ?? '', /^beyond its limit: memory \d+ MB of memory 150 MB/);
      assert.deepEqual(failed.limits, []);
      await stage.until('restart', ({ run }) => run === 2);
    } finally {
      delete process.env['DEV_ENV_LIMITS'];
    }
  });
});
