import assert from 'node:assert/strict';
import { parseDarwinProcesses } from '../../../src/process/darwinProcessTable.ts';
import { parseStat } from '../../../src/process/linuxProcessTable.ts';
import { findMarked, readMarks } from '../../../src/process/linuxMarkers.ts';
import { listProcesses, readProcess } from '../../../src/process/processTable.ts';
import { parseWindowsProcesses } from '../../../src/process/windowsProcessTable.ts';
import { endPrograms, runProgram } from '../../support/programRun.ts';
import { until } from '../../support/until.ts';
import { onlyOnLinux } from '../../support/skip.ts';

const rest = '4194560 106 0 0 0 0 0 0 0 20 0 1 0 8731 2621440 234 18446744073709551615 1 1 0';

describe('parseStat', () => {
  it('reads a line of /proc/<pid>/stat', () => {
    assert.deepEqual(parseStat(`4711 (node) S 1 4700 4690 0 -1 ${rest}\n`, 'b00t'), {
      pid: 4711,
      ppid: 1,
      pgid: 4700,
      sid: 4690,
      startTime: 'b00t:8731',
      isZombie: false,
      name: 'node',
    });
  });

  it('is not confused by what a process calls itself', () => {
    for (const name of ['a b', ') Z 9 9 9', '((', 'a) (b', '']) {
      const stat = parseStat(`7 (${name}) S 1 4700 4690 0 -1 ${rest}`, '');
      assert.deepEqual([stat?.name, stat?.ppid, stat?.isZombie], [name, 1, false]);
    }
  });

  it('knows a zombie', () => {
    assert.equal(parseStat(`7 (sh) Z 1 7 7 0 -1 ${rest}`, '')?.isZombie, true);
  });

  it('takes what is cut short for nothing', () => {
    for (const text of ['', '7', '7 (sh', '7 (sh)', '7 (sh) S 1 7 7 0 -1']) {
      assert.equal(parseStat(text, ''), undefined, text);
    }
  });
});

describe('parseDarwinProcesses', () => {
  const recorded = [
    '    1     0     1     0 Ss   Mon Jun  2 10:15:32 2025     /sbin/launchd',
    '  803     1   803   501 S    Mon Jun  2 10:16:01 2025     /Applications/My App.app/Contents/MacOS/App --flag',
    '99999   803   803   501 Z+   Sat Dec 13 09:00:00 2025     <defunct>',
    '',
  ].join('\n');

  it('reads what ps prints', () => {
    assert.deepEqual(parseDarwinProcesses(recorded), [
      {
        pid: 1,
        ppid: 0,
        pgid: 1,
        sid: undefined,
        startTime: 'Mon Jun 2 10:15:32 2025',
        isZombie: false,
        command: '/sbin/launchd',
        uid: 0,
      },
      {
        pid: 803,
        ppid: 1,
        pgid: 803,
        sid: undefined,
        startTime: 'Mon Jun 2 10:16:01 2025',
        isZombie: false,
        command: '/Applications/My App.app/Contents/MacOS/App --flag',
        uid: 501,
      },
      {
        pid: 99999,
        ppid: 803,
        pgid: 803,
        sid: undefined,
        startTime: 'Sat Dec 13 09:00:00 2025',
        isZombie: true,
        command: '<defunct>',
        uid: 501,
      },
    ]);
  });

  it('leaves out what it cannot read', () => {
    assert.deepEqual(parseDarwinProcesses('ps: illegal option\n'), []);
  });
});

describe('parseWindowsProcesses', () => {
  const row = (ProcessId: number, ParentProcessId: number, Started: string | null): object => ({
    ProcessId,
    ParentProcessId,
    Started,
    CommandLine: ProcessId === 4 ? null : `"C:\\a b\\p.exe" ${ProcessId}`,
    Name: ProcessId === 4 ? 'System' : 'p.exe',
  });

  it('reads what PowerShell prints', () => {
    const text = JSON.stringify([row(4, 0, null), row(100, 4, '638842653320000001')]);
    assert.deepEqual(
      parseWindowsProcesses(text).map(({ pid, ppid, startTime, command }) => [
        ...[pid, ppid, startTime, command],
      ]),
      [
        [4, 0, undefined, 'System'],
        [100, 4, '638842653320000001', '"C:\\a b\\p.exe" 100'],
      ],
    );
  });

  it('reads one process, and none', () => {
    assert.equal(parseWindowsProcesses(JSON.stringify(row(7, 4, null)))[0]?.pid, 7);
    assert.deepEqual(parseWindowsProcesses('\r\n'), []);
  });

  it('does not believe in a parent that is younger than its child', () => {
    const text = JSON.stringify([
      row(50, 4, '638842653320000002'),
      row(51, 50, '638842653320000001'),
      row(52, 50, '638842653320000003'),
    ]);
    assert.deepEqual(
      parseWindowsProcesses(text).map(({ ppid }) => ppid),
      [4, 0, 50],
    );
  });
});

describe('listProcesses', () => {
  afterEach(endPrograms);

  it('has a child with its parent, group, user and command', async () => {
    const run = await runProgram(['sleep', '60'], { isRecorded: false });
    const info = (await listProcesses()).find(({ pid }) => pid === run.pid);
    assert.equal(info?.ppid, process.pid);
    assert.equal(info.pgid, run.pid);
    assert.equal(info.uid, process.getuid?.());
    assert.match(info.command ?? '', /sleep 60$/);
    assert.equal(info.isZombie, false);
    assert.deepEqual(await readProcess(run.pid), info);
  });

  it('knows nobody by a PID that is not in use', async () => {
    const run = await runProgram('true');
    await run.exited;
    assert.equal(await readProcess(run.pid), undefined);
  });
});

describe('findMarked', () => {
  afterEach(endPrograms);

  it('finds the processes of each run, and what they belong to', async function () {
    onlyOnLinux(this);
    const env = { DEV_ENV_STATE: '/state/of it', XDEV_ENV_RUN_ID: 'a decoy' };
    const run = await runProgram('sleep 60 & sleep 61', { isRecorded: false, env });
    const other = await runProgram('sleep 60');
    const found = await until('three processes', async () => {
      const marked = (await findMarked()).get(run.target.runId);
      return marked?.pids.length === 3 ? marked : undefined;
    });
    assert(found.pids.includes(run.pid));
    assert(!found.pids.includes(other.pid));
    assert.equal(found.processName, 'it');
    assert.equal(found.stateFolder, '/state/of it');
    assert.equal(readMarks(other.pid)?.runId, other.target.runId);
  });

  it('tells what only prepares a run from the run', async function () {
    onlyOnLinux(this);
    const env = { DEV_ENV_PREPARATION: '1' };
    const run = await runProgram('exec sleep 60', { isRecorded: false, env });
    const other = await runProgram('exec sleep 60', { isRecorded: false });
    const ids = [run.target.runId, other.target.runId];
    const marked = await until('both', async () => {
      const all = await findMarked();
      return ids.every((id) => all.has(id)) && all;
    });
    assert.deepEqual(
      ids.map((id) => marked.get(id)?.preparing),
      [[run.pid], []],
    );
  });

  it('finds no mark where there is none', () => {
    assert.equal(readMarks(process.ppid), undefined);
  });
});
