import assert from 'node:assert/strict';
import type { ProcessInfo } from '../../../src/process/processInfo.ts';
import { membersOf, type TreeEvidence } from '../../../src/process/tree.ts';

const target = { pid: 100, startTime: 't100', runId: 'r' };

/** A process on its own, as a daemon of init, unless told otherwise. */
function info(pid: number, other: Partial<ProcessInfo> = {}): ProcessInfo {
  return {
    ...{ pid, ppid: 1, pgid: pid, sid: pid, startTime: `t${pid}`, isZombie: false },
    ...{ command: undefined, uid: undefined },
    ...other,
  };
}

const inGroup = { pgid: 100, sid: 100 };
const leader = info(100, { ppid: 9 });
const init = info(1, { ppid: 0 });
const self = info(9);
const bystander = info(50);

function members(table: ProcessInfo[], evidence: Partial<TreeEvidence> = {}): number[] {
  const found = membersOf([init, self, bystander, ...table], target, {
    marked: new Set(),
    known: [],
    isGroupFresh: false,
    selfPid: 9,
    ...evidence,
  });
  return found.members.map(({ pid }) => pid).sort((a, b) => a - b);
}

describe('membersOf', () => {
  const table: [name: string, found: number[], expected: number[]][] = [
    ['the leader alone', members([leader]), [100]],
    ['the group', members([leader, info(101, inGroup)]), [100, 101]],
    ['another group of the session', members([leader, info(101, { sid: 100 })]), [100, 101]],
    [
      'descendants that left group and session',
      members([
        leader,
        info(101, { ppid: 100 }),
        info(102, { ppid: 101 }),
        info(103, { ppid: 102 }),
      ]),
      [100, 101, 102, 103],
    ],
    ['marked daemons', members([leader, info(101)], { marked: new Set([101]) }), [100, 101]],
    [
      'children of marked daemons',
      members([info(101), info(102, { ppid: 101 })], { marked: new Set([101]) }),
      [101, 102],
    ],
    ['no zombies', members([leader, info(101, { ...inGroup, isZombie: true })]), [100]],
    [
      'the group of a leader that is a zombie',
      members([{ ...leader, isZombie: true }, info(101, inGroup)]),
      [101],
    ],
    ['nobody when the PID was given to another', members([{ ...leader, startTime: 'x' }]), []],
    [
      'nobody of the group of the one who has the PID now',
      members([{ ...leader, startTime: 'x' }, info(101, inGroup)], { isGroupFresh: true }),
      [],
    ],
    [
      'but marked ones even then',
      members([{ ...leader, startTime: 'x' }, info(101, inGroup), info(102)], {
        marked: new Set([102]),
      }),
      [102],
    ],
    ['nobody of a group without leader that may be anyone’s', members([info(101, inGroup)]), []],
    [
      'a group whose leader has ended this moment',
      members([info(101, inGroup)], { isGroupFresh: true }),
      [101],
    ],
    [
      'a group without leader that a marked member has held',
      members([info(101, inGroup), info(102, inGroup)], { marked: new Set([101]) }),
      [101, 102],
    ],
    [
      'a group without leader that a known member has held',
      members([info(101, inGroup), info(102, inGroup)], { known: [info(101, inGroup)] }),
      [101, 102],
    ],
    ['those known before', members([info(101)], { known: [info(101)] }), [101]],
    [
      'not those whose PID was given to another since',
      members([info(101, { startTime: 'x' })], { known: [info(101)] }),
      [],
    ],
    ['never the one who asks, nor init', members([leader], { marked: new Set([9, 1]) }), [100]],
  ];
  for (const [name, found, expected] of table) {
    it(`has ${name}`, () => assert.deepEqual(found, expected));
  }

  it('takes a leader without known start time only if it is our own child, or marked', () => {
    const unknown = { ...target, startTime: undefined };
    const evidence = { marked: new Set<number>(), known: [], isGroupFresh: false, selfPid: 9 };
    const count = (table: ProcessInfo[], marked = new Set<number>()): number =>
      membersOf(table, unknown, { ...evidence, marked }).members.length;
    assert.equal(count([leader]), 1);
    assert.equal(count([{ ...leader, ppid: 1 }]), 0);
    assert.equal(count([{ ...leader, ppid: 1 }], new Set([100])), 1);
  });
});
