import assert from 'node:assert/strict';
import { chooseMeans, type LimitCapabilities } from '../../../../src/process/limits/chooseMeans.ts';
import { planLimits } from '../../../../src/process/limits/limitPlan.ts';
import type { LimitValues } from '../../../../src/process/limits/limits.ts';

const none: LimitCapabilities = {
  hasRlimits: false,
  userTasks: undefined,
  groupsV2: undefined,
  groupsV1: {},
  systemdControllers: [],
  canSample: false,
};
const all: LimitValues = {
  memoryBytes: 512_000_000,
  cpuPercent: 150,
  openFiles: 4096,
  processes: 64,
  ioWeight: 200,
};
const groupsV1 = { memory: '/g/memory/own', cpu: '/g/cpu', pids: '/g/pids', io: '/g/blkio' };
const groupsV2 = { parent: '/g/own', controllers: ['memory', 'cpu', 'pids', 'io'] as const };

/** By what each limit holds, in the order memory, cpu, open_files, processes, io_weight. */
const meansOf = (has: Partial<LimitCapabilities>, limits = all): unknown[] =>
  chooseMeans(limits, { ...none, ...has }).map(({ means }) => means);

describe('chooseMeans', () => {
  const linux = { hasRlimits: true, canSample: true };

  const cases: readonly [string, Partial<LimitCapabilities>, readonly unknown[]][] = [
    ['nothing', {}, [undefined, undefined, undefined, undefined, undefined]],
    ['Windows', { canSample: true }, ['sampling', 'sampling', undefined, 'sampling', undefined]],
    ['macOS', linux, ['sampling', 'sampling', 'rlimit', 'sampling', undefined]],
    [
      'Linux without groups',
      { ...linux, userTasks: 300 },
      ['sampling', 'sampling', 'rlimit', 'rlimit', undefined],
    ],
    [
      'control groups of version 2',
      { ...linux, userTasks: 300, groupsV2 },
      ['cgroup-v2', 'cgroup-v2', 'rlimit', 'cgroup-v2', 'cgroup-v2'],
    ],
    [
      'some controllers of version 2',
      { ...linux, groupsV2: { parent: '/g', controllers: ['memory', 'pids'] } },
      ['cgroup-v2', 'sampling', 'rlimit', 'cgroup-v2', undefined],
    ],
    [
      'control groups of version 1',
      { ...linux, groupsV1 },
      ['cgroup-v1', 'cgroup-v1', 'rlimit', 'cgroup-v1', 'cgroup-v1'],
    ],
    [
      'both versions, each with other controllers',
      {
        ...linux,
        groupsV1: { cpu: '/g/cpu' },
        groupsV2: { parent: '/g', controllers: ['memory'] },
      },
      ['cgroup-v2', 'cgroup-v1', 'rlimit', 'sampling', undefined],
    ],
    [
      'systemd',
      { ...linux, systemdControllers: ['memory', 'pids'] },
      ['systemd', 'sampling', 'rlimit', 'systemd', undefined],
    ],
    [
      'systemd that holds more than the groups',
      {
        ...linux,
        groupsV2: { parent: '/g', controllers: ['memory'] },
        systemdControllers: ['memory', 'pids', 'cpu'],
      },
      ['systemd', 'systemd', 'rlimit', 'systemd', undefined],
    ],
    [
      'systemd that holds no more than the groups',
      { ...linux, groupsV2, systemdControllers: ['memory', 'cpu', 'pids', 'io'] },
      ['cgroup-v2', 'cgroup-v2', 'rlimit', 'cgroup-v2', 'cgroup-v2'],
    ],
  ];
  for (const [what, has, expected] of cases) {
    it(`with ${what}`, () => assert.deepEqual(meansOf(has), expected));
  }

  it('says nothing of limits that are not given', () => {
    const some = { ...all, memoryBytes: undefined, ioWeight: undefined, cpuPercent: undefined };
    assert.deepEqual(chooseMeans(some, { ...none, ...linux }), [
      { limit: 'open_files', value: 4096, means: 'rlimit' },
      { limit: 'processes', value: 64, means: 'sampling' },
    ]);
  });
});

describe('planLimits', () => {
  const plan = (has: Partial<LimitCapabilities>) => {
    const capabilities = { ...none, hasRlimits: true, canSample: true, ...has };
    return planLimits(chooseMeans(all, capabilities), capabilities, 'abc');
  };
  /** Without the program text. */
  const argumentsOf = (prefix: readonly string[]): unknown => prefix.slice(4);

  it('sets one group of version 2', () => {
    const { groups, prefix } = plan({ groupsV2 });
    assert.deepEqual(groups, [
      {
        folder: '/g/own/dev-env-abc',
        settings: [
          { files: ['memory.max'], value: '512000000' },
          { files: ['memory.swap.max'], value: '0', isOptional: true },
          { files: ['cpu.max'], value: '150000 100000' },
          { files: ['pids.max'], value: '64' },
          { files: ['io.weight', 'io.bfq.weight'], value: 'default 200' },
        ],
      },
    ]);
    assert.deepEqual(argumentsOf(prefix), ['4096', '-', '1', '/g/own/dev-env-abc/cgroup.procs']);
  });

  it('sets a group of version 1 for each controller', () => {
    const { groups, prefix } = plan({ groupsV1 });
    assert.deepEqual(
      groups.map(({ folder, settings }) => [folder, settings.map(({ value }) => value)]),
      [
        ['/g/memory/own/dev-env-abc', ['512000000', '512000000']],
        ['/g/cpu/dev-env-abc', ['100000', '150000']],
        ['/g/pids/dev-env-abc', ['64']],
        ['/g/blkio/dev-env-abc', ['200']],
      ],
    );
    assert.equal(prefix.filter((each) => each.endsWith('/cgroup.procs')).length, 4);
  });

  it('asks systemd for a scope', () => {
    const { groups, prefix } = plan({ systemdControllers: ['memory', 'cpu', 'pids', 'io'] });
    assert.deepEqual(groups, []);
    assert.deepEqual(
      prefix.slice(0, prefix.indexOf('--') + 1).join(' '),
      'systemd-run --user --scope --quiet --collect --unit=dev-env-abc -p MemoryMax=512000000 ' +
        '-p MemorySwapMax=0 -p CPUQuota=150% -p TasksMax=64 -p IOWeight=200 --',
    );
  });

  it('adds what the user has already to a limit that the kernel counts for the user', () => {
    const { groups, prefix } = plan({ userTasks: 300 });
    assert.deepEqual(groups, []);
    assert.deepEqual(argumentsOf(prefix), ['4096', '364', '0']);
  });

  it('puts nothing before a program whose limits are only watched', () => {
    const capabilities = { ...none, canSample: true };
    const held = chooseMeans(all, capabilities);
    assert.deepEqual(planLimits(held, capabilities, 'abc'), { groups: [], prefix: [] });
  });
});
