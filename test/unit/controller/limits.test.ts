import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { Limits } from '../../../src/config/model.ts';
import { limitCapabilities } from '../../../src/process/limits/capabilities.ts';
import type { LimitCapabilities } from '../../../src/process/limits/chooseMeans.ts';
import { membersOfGroup } from '../../../src/process/limits/controlGroups.ts';
import { readLaunchNotes } from '../../../src/store/launchNotes.ts';
import type { StateFolder } from '../../../src/store/stateFolder.ts';
import { onlyOnLinux, skip } from '../../support/skip.ts';
import { Stage, startedHost } from '../../support/stage.ts';
import { openTestEnvironment, processModel, program } from '../../support/testEnvironment.ts';
import { until } from '../../support/until.ts';

const unlimited: Limits = {
  memoryBytes: undefined,
  cpuPercent: undefined,
  openFiles: undefined,
  processes: undefined,
  ioWeight: undefined,
  onLimit: 'report',
};

const groupsOf = (folder: StateFolder, name: string, run = 1): readonly string[] =>
  readLaunchNotes(folder.launchPath(name, run))?.controlGroups ?? [];

describe('the limits of a process', function () {
  this.timeout(400_000);
  let has: LimitCapabilities;

  before(async function () {
    onlyOnLinux(this);
    has = await limitCapabilities();
  });
  const needGroup = (context: Mocha.Context): void => {
    const isV2 = has.groupsV2?.controllers.includes('memory') === true;
    if (isV2 || has.groupsV1.memory !== undefined) return;
    skip(context, 'no control group for memory can be made here');
  };

  it('are shown with what holds them, and so is a program that the kernel ended', async function () {
    needGroup(this);
    const taker = [process.execPath, program('takeMemory.mjs'), '600'] as const;
    const limits = { ...unlimited, memoryBytes: 150_000_000, openFiles: 500 };
    await using stage = await openTestEnvironment([processModel('api', taker, { limits })]);
    void stage.environment.start(['api']);
    const running = await stage.until('api', ({ state }) => state === 'running');
    assert.deepEqual(
      running.limits.map(({ limit, value }) => [limit, value]),
      [
        ['memory', 150_000_000],
        ['open_files', 500],
      ],
    );
    assert.match(running.limits[0]?.means ?? '', /^cgroup-v[12]$/);
    assert.equal(running.limits[1]?.means, 'rlimit');

    const failed = await stage.until('api', ({ state }) => state === 'failed');
    assert.equal(failed.reason, 'ended by SIGKILL: the kernel ended it at its memory limit');
    assert.deepEqual(failed.limits, []);
    const groups = groupsOf(stage.stateFolder, 'api');
    assert.equal(groups.length, 1);
    assert.deepEqual(
      groups.map((group) => existsSync(group)),
      [false],
    );
  });

  it('hold on after a crash of the host, and their groups go with the run', async function () {
    needGroup(this);
    const limits = { ...unlimited, memoryBytes: 150_000_000 };
    await using stage = await Stage.set(() => [
      processModel('api', 'exec sleep 600', { limits }),
      processModel('gone', 'exec sleep 600', { limits }),
    ]);
    const first = await startedHost(stage);
    await first.until((host) => host.processes.every(({ state }) => state === 'running'));
    await stage.recorded(first);
    const shown = first.process('api')?.limits;
    const groups = ['api', 'gone'].flatMap((name) => groupsOf(stage.stateFolder, name));
    await until('the programs in their groups', () =>
      groups.every((group) => membersOfGroup(group).length === 1),
    );
    await first.kill();
    // One of them ends while nobody is there.
    process.kill(membersOfGroup(groups[1]!)[0]!, 'SIGKILL');

    const second = await stage.host().untilOpen();
    assert.deepEqual(second.process('api')?.limits, shown);
    await second.until((host) => host.process('gone')?.state === 'failed');
    assert.equal(existsSync(groups[1]!), false);
    assert.equal(existsSync(groups[0]!), true);
    second.say('stop');
    await second.until((host) => host.messages.some((message) => message.done));
    assert.equal(existsSync(groups[0]!), false);
  });
});
