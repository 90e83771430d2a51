import assert from 'node:assert/strict';
import { CpuAccount } from '../../../src/monitor/cpuAccount.ts';
import { parseUsage } from '../../../src/monitor/linuxUsage.ts';
import { OwnerSearch } from '../../../src/monitor/ownerSearch.ts';
import type { UsageTarget } from '../../../src/monitor/target.ts';
import { UsageHistory } from '../../../src/monitor/usageHistory.ts';
import { UsageTable } from '../../../src/monitor/usageTable.ts';
import { onlyOnLinux } from '../../support/skip.ts';

interface Row {
  readonly pid: number;
  readonly ppid?: number;
  readonly pgid?: number;
  readonly sid?: number;
  readonly start?: number;
  readonly cpuMs?: number;
  readonly childCpuMs?: number;
  readonly owner?: number;
}

function tableOf(rows: readonly Row[], atMs = 0): UsageTable {
  const table = new UsageTable();
  table.atMs = atMs;
  for (const { pid, ...other } of rows) {
    const row = table.add(pid, false);
    table.ppid[row] = other.ppid ?? 1;
    table.pgid[row] = other.pgid ?? pid;
    table.sid[row] = other.sid ?? pid;
    table.start[row] = other.start ?? pid;
    table.cpuMs[row] = other.cpuMs ?? 0;
    table.childCpuMs[row] = other.childCpuMs ?? 0;
    table.owner[row] = other.owner ?? -1;
  }
  return table;
}

describe('parseUsage', () => {
  it('reads a line of /proc/<pid>/stat, whatever the name holds', () => {
    const line =
      '4711 (a) (b c) S 12 4700 4690 0 -1 4194560 1 2 3 4 150 50 7 3 20 0 11 0 987654 1000000 256 18446744073709551615 1';
    const table = new UsageTable();
    parseUsage(Buffer.from(line), line.length, table);
    assert.equal(table.length, 1);
    assert.deepEqual(
      [table.pid[0], table.ppid[0], table.pgid[0], table.sid[0], table.threads[0], table.start[0]],
      [4711, 12, 4700, 4690, 11, 987654],
    );
    assert.deepEqual([table.cpuMs[0], table.childCpuMs[0]], [2000, 100]);
    assert.ok((table.memoryBytes[0] ?? 0) >= 256 * 4096);
    assert.equal(table.isZombie(0), false);
  });

  it('skips what is no such line, and knows zombies', () => {
    const table = new UsageTable();
    for (const line of ['', 'x', '12 no name']) parseUsage(Buffer.from(line), line.length, table);
    assert.equal(table.length, 0);
    const zombie = `12 (z) Z 1 ${'0 '.repeat(25)}`;
    parseUsage(Buffer.from(zombie), zombie.length, table);
    assert.equal(table.isZombie(0), true);
  });
});

describe('OwnerSearch', () => {
  const targets: UsageTarget[] = [
    { name: 'a', pid: 100, runId: 'run-a' },
    { name: 'b', pid: 200, runId: 'run-b' },
  ];
  const noMarks = (): undefined => undefined;

  function owners(rows: readonly Row[], search = new OwnerSearch(noMarks)): number[] {
    const table = tableOf(rows);
    search.find(table, targets);
    return [...table.owner.subarray(0, table.length)];
  }

  it('follows parents, groups and sessions, to the nearest target', () => {
    const rows: Row[] = [
      { pid: 1, ppid: 0 },
      { pid: 50 },
      { pid: 100, ppid: 50 },
      { pid: 101, ppid: 100 },
      { pid: 102, ppid: 101, pgid: 102, sid: 102 },
      { pid: 103, ppid: 1, pgid: 100 },
      { pid: 104, ppid: 1, sid: 100 },
      { pid: 200, ppid: 101 },
      { pid: 201, ppid: 200 },
    ];
    assert.deepEqual(owners(rows), [-1, -1, 0, 0, 0, 0, 0, 1, 1]);
  });

  it('keeps who has lost everything but was known, and only with the same start', () => {
    const search = new OwnerSearch(noMarks);
    owners([{ pid: 100 }, { pid: 101, ppid: 100 }, { pid: 102, ppid: 101 }], search);
    const later: Row[] = [{ pid: 100 }, { pid: 101 }, { pid: 102, start: 999 }];
    assert.deepEqual(owners(later, search), [0, 0, -1]);
  });

  it('finds daemons by their mark, reads it once, and takes their children along', function () {
    onlyOnLinux(this);
    const asked: number[] = [];
    const search = new OwnerSearch((pid) => {
      asked.push(pid);
      return pid === 300
        ? { runId: 'run-b', processName: undefined, stateFolder: undefined, isPreparation: false }
        : undefined;
    });
    const rows: Row[] = [
      { pid: 50 },
      { pid: 100 },
      { pid: 200 },
      { pid: 300 },
      { pid: 301, ppid: 300 },
    ];
    assert.deepEqual(owners(rows, search), [-1, 0, 1, 1, 1]);
    assert.deepEqual(owners(rows, search), [-1, 0, 1, 1, 1]);
    assert.deepEqual(asked, [50, 300, 301]);
  });

  it('comes to an end where parents go in a circle', () => {
    assert.deepEqual(
      owners([
        { pid: 60, ppid: 61 },
        { pid: 61, ppid: 60 },
      ]),
      [-1, -1],
    );
  });
});

describe('CpuAccount', () => {
  function percent(before: readonly Row[], now: readonly Row[]): number | undefined {
    const [first] = new CpuAccount().since(tableOf(before, 0), tableOf(now, 1000), 1);
    return first === undefined ? undefined : Math.round(first);
  }
  const cases: [name: string, before: Row[], now: Row[], expected: number][] = [
    [
      'what a member used',
      [{ pid: 9, cpuMs: 100, owner: 0 }],
      [{ pid: 9, cpuMs: 350, owner: 0 }],
      25,
    ],
    ['all of what a new one used', [], [{ pid: 9, cpuMs: 40, owner: 0 }], 4],
    [
      'children that came and went in between',
      [{ pid: 9, childCpuMs: 5000, owner: 0 }],
      [{ pid: 9, childCpuMs: 5600, owner: 0 }],
      60,
    ],
    [
      'not the past of a child that has ended',
      [
        { pid: 9, cpuMs: 0, owner: 0 },
        { pid: 10, ppid: 9, cpuMs: 60_000, owner: 0 },
      ],
      [{ pid: 9, cpuMs: 0, childCpuMs: 60_100, owner: 0 }],
      10,
    ],
    [
      'nothing below zero when nobody took note of the end',
      [
        { pid: 9, owner: 0 },
        { pid: 10, ppid: 9, cpuMs: 60_000, owner: 0 },
      ],
      [{ pid: 9, cpuMs: 20, owner: 0 }],
      2,
    ],
    [
      'another process with the same PID as a new one',
      [{ pid: 9, cpuMs: 500, start: 1, owner: 0 }],
      [{ pid: 9, cpuMs: 10, start: 2, owner: 0 }],
      1,
    ],
  ];
  for (const [name, before, now, expected] of cases) {
    it(`counts ${name}`, () => assert.equal(percent(before, now), expected));
  }

  it('knows nothing at the first look', () => {
    assert.deepEqual(new CpuAccount().since(undefined, tableOf([]), 2), [undefined, undefined]);
  });
});

describe('UsageHistory', () => {
  it('keeps 15 minutes as they were, and what is older thinned', () => {
    const history = new UsageHistory();
    const beginMs = 1_700_000_000_000;
    for (let second = 0; second <= 3600; second += 2) {
      history.add(beginMs + second * 1000, second % 4 === 0 ? 10 : 20, second === 600 ? 9e9 : 1e9);
    }
    const { atMs, cpuPercent, memoryBytes } = history.series();
    assert.equal(cpuPercent.length, atMs.length);
    assert.equal(memoryBytes.length, atMs.length);
    const full = atMs.filter((at) => at > beginMs + 2700 * 1000);
    assert.equal(full.length, 450);
    assert.ok(
      atMs.every((at, i) => i === 0 || at > atMs[i - 1]!),
      'in order',
    );
    const thin = cpuPercent.slice(0, atMs.length - 450);
    assert.ok(thin.length >= 40 && thin.length <= 50, String(thin.length));
    assert.ok(thin.every((percent) => Math.abs(percent - 15) < 1));
    assert.ok(Math.max(...memoryBytes) > 8.9e9, 'the highest is not lost');
    assert.equal(history.recentCpu(2), 15);
  });

  it('forgets what is older than some hours', () => {
    const history = new UsageHistory();
    for (let minute = 0; minute < 24 * 60; minute += 0.5) history.add(minute * 60_000, 1, 1);
    const { atMs } = history.series();
    assert.ok(atMs.length <= 690);
    assert.ok(atMs.at(-1)! - atMs[0]! < 5 * 3_600_000);
  });
});
