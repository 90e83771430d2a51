import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Emitter } from '../../../src/base/emitter.ts';
import { Monitor } from '../../../src/monitor/monitor.ts';
import { fillNumbers } from '../../../src/monitor/portableUsage.ts';
import { Sampler } from '../../../src/monitor/sampler.ts';
import { scanUsage } from '../../../src/monitor/scanUsage.ts';
import type { UsageTarget } from '../../../src/monitor/target.ts';
import type { Usage } from '../../../src/monitor/usage.ts';
import { UsageTable } from '../../../src/monitor/usageTable.ts';
import { endPrograms, program, type ProgramRun, runProgram } from '../../support/programRun.ts';
import { onlyOnLinux, skip } from '../../support/skip.ts';
import { until } from '../../support/until.ts';

const megabyte = 1024 * 1024;

describe('usage', () => {
  let targets: UsageTarget[] = [];
  let monitor: Monitor;
  let sampler: Sampler;

  beforeEach(function () {
    if (process.platform === 'win32') skip(this, 'compares with ps');
    targets = [];
    sampler = new Sampler();
    monitor = new Monitor({
      targets: () => targets,
      onDidChange: new Emitter<void>().event,
      sampler,
    });
    // Ticks are made by hand; what a tick needs is that somebody wants it.
    Object.defineProperty(sampler, 'hurry', { value: () => undefined });
    monitor.demand('watched');
  });

  afterEach(async () => {
    monitor.dispose();
    await endPrograms();
  });

  async function measure(): Promise<Usage> {
    await sampler.measure();
    const usage = monitor.of('it');
    assert.ok(usage);
    return usage;
  }

  function measureFrom({ target }: ProgramRun): void {
    targets = [{ name: 'it', pid: target.pid, runId: target.runId }];
  }

  it('agrees with ps for a program that spins below a shell', async () => {
    let lastMs = Date.now();
    await sampler.measure();
    const run = await runProgram(
      `"${process.execPath}" "${program('burn.mjs')}" 2300 & "${process.execPath}" -e 0; wait`,
    );
    measureFrom(run);
    let used = 0;
    let highest = 0;
    const take = async (): Promise<Usage> => {
      const usage = await measure();
      used += ((usage.cpuPercent ?? 0) / 100) * (usage.atMs - lastMs);
      lastMs = usage.atMs;
      highest = Math.max(highest, usage.cpuPercent ?? 0);
      return usage;
    };
    const printed = await until(
      'the end of the burning',
      async () => {
        await take();
        return /used (\d+) ms/.exec(run.log())?.[1];
      },
      60_000,
      { everyMs: 200 },
    );
    const { pids } = await take();
    const ps = pids.reduce((sum, pid) => sum + psSeconds(pid), 0);
    assert.ok(highest > 20, `never seen at work: ${highest} %`);
    // The shell and the other program are noise.
    const expected = Number(printed);
    assert.ok(Math.abs(used - expected) < expected * 0.25, `${used} ms, it says ${expected} ms`);
    assert.ok(Math.abs(used / 1000 - ps) <= 1.3, `${used} ms, ps says ${ps} s`);
    const idle = await until(
      'rest',
      async () => {
        const usage = await measure();
        return usage.cpuPercent !== undefined && usage.cpuPercent < 10 ? usage : undefined;
      },
      60_000,
      { everyMs: 100 },
    );
    assert.ok(idle.atMs > 0);
  });

  it('agrees with ps for a program whose grandchild allocates', async () => {
    const run = await runProgram([process.execPath, program('allocate.mjs'), '150']);
    measureFrom(run);
    await run.line(/allocated/);
    const seen = await until('an agreement', async () => {
      const { memoryBytes, pids } = await measure();
      const ps = pids.reduce((sum, pid) => sum + psMemory(pid), 0);
      return Math.abs(memoryBytes - ps) < ps * 0.05 ? { memoryBytes, pids } : undefined;
    });
    assert.ok(seen.memoryBytes > 150 * megabyte, String(seen.memoryBytes));
    // The recorder, the program, its child and its grandchild.
    assert.equal(seen.pids.length, 4);
    assert.equal(seen.pids[0], run.target.pid);
  });

  it('measures daemons, which have left parent, group and session', async function () {
    onlyOnLinux(this);
    const says = 'console.log(`daemon ${process.pid}`); setInterval(() => {}, 1000);';
    const run = await runProgram([
      process.execPath,
      program('daemonize.mjs'),
      '--stay',
      '-e',
      says,
    ]);
    measureFrom(run);
    const daemon = Number(await run.line(/daemon (\d+)/));
    const { pids } = await measure();
    assert.ok(pids.includes(daemon), `${daemon} is not among ${pids.join()}`);
    // By then it is known, and its mark is not read again.
    assert.ok((await measure()).pids.includes(daemon));
  });

  it('says nothing of what has ended, and keeps its past', async () => {
    const run = await runProgram([process.execPath, '-e', 'setInterval(() => {}, 1000)']);
    measureFrom(run);
    await measure();
    await measure();
    targets = [];
    await sampler.measure();
    assert.equal(monitor.of('it'), undefined);
    assert.ok(monitor.history('it').atMs.length >= 1);
  });

  it('counts threads, files and what was written for who asks', async function () {
    onlyOnLinux(this);
    const run = await runProgram([
      process.execPath,
      '-e',
      `const net = require('node:net');
       const server = net.createServer(() => {}).listen(0, '127.0.0.1', () => {
         net.connect(server.address().port, '127.0.0.1', () => console.log('connected'));
       });`,
    ]);
    measureFrom(run);
    await run.line(/connected/);
    const usage = await measure();
    assert.ok((usage.threads ?? 0) > usage.pids.length, `${usage.threads} threads`);
    const details = await until('both ends', async () => {
      const found = await monitor.details('it');
      return found?.connections === 2 ? found : undefined;
    });
    assert.ok((details.openFiles ?? 0) > 5);
    assert.equal(typeof details.ioReadBytes, 'number');
    assert.equal(await monitor.details('other'), undefined);
  });

  it('has the same numbers as pidusage', async () => {
    const run = await runProgram([process.execPath, program('allocate.mjs'), '20']);
    await run.line(/allocated/);
    const own = new UsageTable();
    const target = { name: 'it', pid: run.target.pid, runId: undefined };
    let members: number[] = [];
    await until('an agreement', async () => {
      own.clear();
      await scanUsage(own, (table) => {
        members = [...table.pid.subarray(0, table.length)].filter(
          (pid, row) => pid === target.pid || table.pgid[row] === target.pid,
        );
      });
      const theirs = new UsageTable();
      for (const pid of members) theirs.add(pid, false);
      await fillNumbers(theirs, members);
      return members.every((pid) => {
        const [a = 0, b = 0] = [
          own.memoryBytes[own.rowOf(pid)!],
          theirs.memoryBytes[theirs.rowOf(pid)!],
        ];
        const [c = 0, d = 0] = [own.cpuMs[own.rowOf(pid)!], theirs.cpuMs[theirs.rowOf(pid)!]];
        return Math.abs(a - b) <= b * 0.1 && Math.abs(c - d) <= 200;
      });
    });
    assert.equal(members.length, 4);
  });
});

function psMemory(pid: number): number {
  return Number(ps(pid, 'rss=')) * 1024;
}

/** CPU time so far; `ps` shows it in whole seconds. */
function psSeconds(pid: number): number {
  const parts = ps(pid, 'time=').split(/[-:]/).map(Number);
  return parts.reduce((sum, part) => sum * 60 + part, 0);
}

function ps(pid: number, column: string): string {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '0';
  }
}
