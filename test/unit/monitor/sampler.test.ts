import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Emitter } from '../../../src/base/emitter.ts';
import { Monitor } from '../../../src/monitor/monitor.ts';
import { Sampler } from '../../../src/monitor/sampler.ts';
import type { UsageTarget } from '../../../src/monitor/target.ts';
import type { UsageTable } from '../../../src/monitor/usageTable.ts';
import { FakeClock } from '../../support/fakeClock.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** A monitor of made-up processes, each tick of which costs as much as the test says. */
function stage(count = 3) {
  const clock = new FakeClock();
  const changes = new Emitter<void>();
  const state = { scans: 0, costMs: 0, targets: targetsOf(count) };
  const sampler = new Sampler({
    clock,
    scan: (table: UsageTable, findOwners: (table: UsageTable) => void) => {
      state.scans += 1;
      table.atMs = clock.now();
      for (const [index, { pid }] of state.targets.entries()) {
        const row = table.add(pid, false);
        table.ppid[row] = 1;
        table.pgid[row] = pid;
        table.sid[row] = pid;
        table.start[row] = pid;
        table.cpuMs[row] = state.scans * 20 * (index + 1);
        table.childCpuMs[row] = 0;
        table.memoryBytes[row] = 1000 * (index + 1);
        table.threads[row] = 1;
      }
      findOwners(table);
      const usedMs = (): number => process.cpuUsage().user / 1000;
      for (const end = usedMs() + state.costMs; usedMs() < end;);
      return Promise.resolve();
    },
  });
  const monitor = new Monitor({
    targets: () => state.targets,
    onDidChange: changes.event,
    sampler,
  });
  return { clock, changes, state, sampler, monitor };
}

function targetsOf(count: number): UsageTarget[] {
  return [...Array(count).keys()].map((i) => ({
    name: `p${i}`,
    pid: 1_000_000 + i,
    runId: undefined,
  }));
}

describe('Sampler', () => {
  it('measures nothing for nobody', async () => {
    const { clock, state, changes } = stage();
    changes.fire();
    await clock.advance(600_000);
    assert.equal(state.scans, 0);
    assert.equal(clock.pending, 0);
  });

  it('measures every two seconds while someone looks, less often for limits, and then rests', async () => {
    const { clock, state, monitor } = stage();
    const watched = monitor.demand('watched');
    await clock.advance(0);
    assert.equal(state.scans, 1, 'at once');
    await clock.advance(20_000);
    assert.equal(state.scans, 11);
    const limits = monitor.demand('limits');
    watched.dispose();
    await clock.advance(2_000);
    const before = state.scans;
    await clock.advance(50_000);
    assert.equal(state.scans - before, 10);
    limits.dispose();
    await clock.advance(10_000);
    const after = state.scans;
    await clock.advance(600_000);
    assert.equal(state.scans, after);
    assert.equal(clock.pending, 0);
  });

  it('rests while nothing runs, and wakes up with the first process', async () => {
    const { clock, state, changes, monitor } = stage(0);
    monitor.demand('watched');
    await clock.advance(60_000);
    assert.equal(state.scans, 0);
    assert.equal(clock.pending, 0);
    state.targets = targetsOf(1);
    changes.fire();
    await clock.advance(0);
    assert.equal(state.scans, 1);
    state.targets = [];
    await clock.advance(60_000);
    assert.equal(clock.pending, 0);
  });

  it('takes one scan for the environments of all folders', async () => {
    const { clock, state, sampler, monitor } = stage(4);
    const [first, second] = [state.targets.slice(0, 2), state.targets.slice(2)];
    const other = new Monitor({
      targets: () => second,
      onDidChange: new Emitter<void>().event,
      sampler,
    });
    const all = state.targets;
    const mine = monitor.demand('watched');
    other.demand('watched');
    state.targets = all;
    await clock.advance(2_000);
    assert.equal(state.scans, 2);
    assert.equal(monitor.of('p0')?.memoryBytes, 1000);
    assert.equal(other.of('p3')?.memoryBytes, 4000);
    assert.equal(other.of('p0'), undefined);
    assert.equal(first.length, 2);
    mine.dispose();
  });

  it('slows down by itself when a tick costs more, so that it stays below a hundredth', async () => {
    const { clock, state, sampler, monitor } = stage();
    state.costMs = 60;
    monitor.demand('watched');
    await clock.advance(0);
    assert.ok(sampler.intervalMs! >= 6_000, String(sampler.intervalMs));
    const { scans } = state;
    await clock.advance(5_000);
    assert.equal(state.scans, scans);
  });

  it('tells the CPU of each and fires once a tick', async () => {
    const { clock, monitor } = stage();
    let fired = 0;
    monitor.onDidMeasure(() => (fired += 1));
    monitor.demand('watched');
    await clock.advance(0);
    assert.equal(monitor.of('p0')?.cpuPercent, undefined);
    await clock.advance(2_000);
    assert.equal(fired, 2);
    // 20, 40 and 60 ms in two seconds.
    const percents = ['p0', 'p1', 'p2'].map((name) => monitor.of(name)?.cpuPercent);
    assert.deepEqual(percents, [1, 2, 3]);
  });

  it('stays within its memory over an hour of ticks', async () => {
    const { clock, state, monitor } = stage(200);
    monitor.demand('watched');
    await clock.advance(20 * 60_000);
    const before = retainedBytes();
    const { scans } = state;
    await clock.advance(60 * 60_000);
    assert.ok(state.scans - scans > 1_000, String(state.scans - scans));
    const grownBytes = retainedBytes() - before;
    // The thinned past still fills up: 60 measurements of 12 bytes for each of 200.
    assert.ok(grownBytes < 2 * 1024 * 1024, `${Math.round(grownBytes / 1024)} KB more`);
    const { atMs } = monitor.history('p0');
    assert.ok(atMs.length <= 690, String(atMs.length));
    assert.ok(clock.now() - atMs[0]! > 55 * 60_000, 'an hour ago is kept');
  });
});

function retainedBytes(): number {
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
