import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../../src/base/clock.ts';
import { limitCapabilities } from '../../../../src/process/limits/capabilities.ts';
import {
  chooseMeans,
  type ControllerName,
  type LimitCapabilities,
} from '../../../../src/process/limits/chooseMeans.ts';
import {
  makeControlGroup,
  memoryKills,
  membersOfGroup,
  removeControlGroup,
} from '../../../../src/process/limits/controlGroups.ts';
import { planLimits } from '../../../../src/process/limits/limitPlan.ts';
import type { HeldLimit, LimitValues } from '../../../../src/process/limits/limits.ts';
import { RunTree } from '../../../../src/process/runTree.ts';
import { stopTree, sweepTree } from '../../../../src/process/stopTree.ts';
import { endPrograms, program, type ProgramRun, runProgram } from '../../../support/programRun.ts';
import { onlyOnLinux, skip } from '../../../support/skip.ts';
import { until } from '../../../support/until.ts';

const node = process.execPath;
const unlimited: LimitValues = {
  memoryBytes: undefined,
  cpuPercent: undefined,
  openFiles: undefined,
  processes: undefined,
  ioWeight: undefined,
};

describe('limits that the kernel holds', () => {
  let has: LimitCapabilities;
  let folders: string[] = [];

  before(async function () {
    onlyOnLinux(this);
    has = await limitCapabilities();
  });
  afterEach(async () => {
    await endPrograms();
    for (const folder of folders) {
      await until('the end of all members', () => membersOfGroup(folder).length === 0);
      assert.ok(await removeControlGroup(folder, systemClock), `${folder} is still there`);
      assert.equal(existsSync(folder), false);
    }
    folders = [];
  });

  /** Starts a program under limits, as the product does. */
  async function limited(
    limits: Partial<LimitValues>,
    command: string | readonly [string, ...string[]],
    capabilities = has,
  ): Promise<
    ProgramRun & {
      readonly held: readonly HeldLimit[];
      readonly groups: string[];
      groupsOf: string;
    }
  > {
    const held = chooseMeans({ ...unlimited, ...limits }, capabilities);
    const groupsOf = randomBytes(8).toString('hex');
    const plan = planLimits(held, capabilities, groupsOf);
    for (const group of plan.groups) makeControlGroup(group);
    const groups = plan.groups.map(({ folder }) => folder);
    folders.push(...groups);
    const run = await runProgram(command, { prefix: plan.prefix });
    return { ...run, held, groups, groupsOf };
  }

  function needGroup(context: Mocha.Context, controller: ControllerName): void {
    const isV2 = has.groupsV2?.controllers.includes(controller) === true;
    if (isV2 || has.groupsV1[controller] !== undefined) return;
    skip(context, `no control group for ${controller} can be made here`);
  }

  it('open files: the program gets EMFILE, and the recorder of its end is not meant', async () => {
    const run = await limited({ openFiles: 100 }, [node, program('openFiles.mjs'), '500']);
    assert.deepEqual(run.held, [{ limit: 'open_files', value: 100, means: 'rlimit' }]);
    const opened = Number(await run.line(/EMFILE after (\d+)/));
    assert.ok(opened > 20 && opened < 100, String(opened));
    await stopTree(run.target, { signal: 'SIGTERM', graceMs: 30_000, clock: systemClock });
    assert.ok(existsSync(run.exitFile));
  });

  it('memory: the kernel ends who takes more, and says that it did', async function () {
    needGroup(this, 'memory');
    const run = await limited({ memoryBytes: 150_000_000 }, [
      node,
      program('takeMemory.mjs'),
      '600',
    ]);
    assert.equal((await run.exited).signal, 'SIGKILL');
    assert.doesNotMatch(run.log(), /holds/);
    assert.deepEqual(run.groups.map(memoryKills).filter((count) => count > 0).length, 1);
  });

  it('memory: counts the whole tree, and lets live who stays below', async function () {
    needGroup(this, 'memory');
    const run = await limited({ memoryBytes: 400_000_000 }, [
      'sh',
      '-c',
      '"$0" "$1" 64 & wait',
      node,
      program('takeMemory.mjs'),
    ]);
    await run.line(/holds 64 MB/);
    assert.deepEqual(run.groups.map(memoryKills), [0]);
    assert.ok(membersOfGroup(run.groups[0]!).length >= 2);
  });

  it('cpu: a tree of four that spin gets no more than its share', async function () {
    needGroup(this, 'cpu');
    const spin = 'while :; do :; done';
    const { groups } = await limited(
      { cpuPercent: 20 },
      `(${spin}) & (${spin}) & (${spin}) & ${spin}`,
    );
    // In each period in which they had their share and wanted more.
    await until('ten periods in which they had to wait', () => periodsHeldBack(groups[0]!) >= 10);
  });

  it('processes: a fork bomb does not go off', async function () {
    needGroup(this, 'pids');
    const run = await limited(
      { processes: 20 },
      'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; ' +
        'do sleep 600 & done; echo all; wait',
    );
    await run.line(/[Ff]ork|Resource temporarily unavailable/);
    assert.ok(membersOfGroup(run.groups[0]!).length <= 20);
  });

  it('io weight: is set, whatever comes of it', async function () {
    needGroup(this, 'io');
    const run = await limited({ ioWeight: 300 }, 'exit 3');
    assert.equal((await run.exited).code, 3);
  });

  it('is in its groups before its first instruction, and who flees from everything else is found there', async function () {
    needGroup(this, 'pids');
    const run = await limited(
      { processes: 50 },
      'cat /proc/self/cgroup; setsid sh -c "exec env -i /bin/sleep 601" & sleep 0.1; echo done',
    );
    await run.line(/dev-env-[0-9a-f]{16}/);
    await run.line(/done/);
    await run.exited;
    assert.equal(membersOfGroup(run.groups[0]!).length, 1);
    const result = await sweepTree(
      { ...run.target, runId: run.groupsOf, controlGroups: run.groups },
      { clock: systemClock, graceMs: 30_000 },
    );
    assert.deepEqual(result.survivors, []);
    assert.deepEqual(membersOfGroup(run.groups[0]!), []);
  });

  it('counts nobody as ours by the group of another run, nor by a folder that is none', async function () {
    needGroup(this, 'pids');
    const others = await limited({ processes: 50 }, 'sleep 600');
    await until('its start', () => membersOfGroup(others.groups[0]!).length > 0);
    const forged = await mkdtemp(path.join(tmpdir(), 'dev-env-'));
    await writeFile(path.join(forged, 'cgroup.procs'), `0\n${others.pid}\n`);
    assert.deepEqual(membersOfGroup(forged), [others.pid]);
    const controlGroups = [...others.groups, forged];
    // Of nobody: all that could be found is found by a group.
    const nobodys = { pid: 0x3fff_ffff, startTime: 'unknown', runId: 'none', controlGroups };
    assert.equal(await new RunTree(nobodys, false).scan(), 0);
    await rm(forged, { recursive: true });
  });

  it('ends with an error when a group cannot be entered', async function () {
    needGroup(this, 'pids');
    const held = chooseMeans({ ...unlimited, processes: 50 }, has);
    const plan = planLimits(held, has, randomBytes(8).toString('hex'));
    // Nobody has made it.
    const run = await runProgram('echo never', { prefix: plan.prefix });
    assert.equal((await run.exited).code, 125);
    await run.line(/cannot enter the control group/);
  });
});

function periodsHeldBack(group: string): number {
  const text = readFileSync(path.join(group, 'cpu.stat'), 'utf8');
  return Number(/^nr_throttled (\d+)$/m.exec(text)?.[1]);
}
