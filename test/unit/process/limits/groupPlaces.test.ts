import assert from 'node:assert/strict';
import { candidatesV2, ownGroupsV1 } from '../../../../src/process/limits/groupPlaces.ts';

/** Lines of /proc/self/mountinfo and /proc/self/cgroup as they were seen on real machines. */
const desktop = {
  mountinfo: [
    '23 28 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:13 - proc proc rw',
    '31 24 0:27 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot',
  ].join('\n'),
  cgroup: '0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-code-4711.scope\n',
};
const container = {
  mountinfo:
    '812 810 0:27 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw,nsdelegate\n',
  cgroup: '0::/\n',
};
const hybrid = {
  mountinfo: [
    '41 40 0:36 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct',
    '42 40 0:37 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory',
    '43 40 0:38 /docker/0a1b /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids',
    '44 40 0:39 / /sys/fs/cgroup/unified rw,nosuid - cgroup2 cgroup2 rw',
  ].join('\n'),
  cgroup: [
    '9:name=systemd:/',
    '8:pids:/docker/0a1b/worker',
    '4:memory:/agents/4711',
    '2:cpu,cpuacct:/',
    '0::/',
  ].join('\n'),
};

describe('places of control groups', () => {
  it('are found by controller in version 1, also where a part of the hierarchy is mounted', () => {
    assert.deepEqual(ownGroupsV1(hybrid), {
      pids: '/sys/fs/cgroup/pids/worker',
      memory: '/sys/fs/cgroup/memory/agents/4711',
      cpu: '/sys/fs/cgroup/cpu,cpuacct',
    });
    assert.deepEqual(ownGroupsV1(desktop), {});
  });

  it('in version 2 are the own group and those above it, and none of systemd', () => {
    assert.deepEqual(candidatesV2(desktop), [
      '/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/app-code-4711.scope',
      '/sys/fs/cgroup',
    ]);
    assert.deepEqual(candidatesV2(container), ['/sys/fs/cgroup']);
    assert.deepEqual(candidatesV2(hybrid), ['/sys/fs/cgroup/unified']);
  });

  it('are not there for a process from outside of the namespace', () => {
    assert.deepEqual(candidatesV2({ ...container, cgroup: '0::/../other\n' }), []);
    assert.deepEqual(candidatesV2({ mountinfo: '', cgroup: '' }), []);
  });
});
