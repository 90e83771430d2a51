import assert from 'node:assert/strict';
import { systemClock } from '../../../src/base/clock.ts';
import { readExitFile } from '../../../src/process/exitFile.ts';
import { findMarked } from '../../../src/process/linuxMarkers.ts';
import { listProcesses } from '../../../src/process/processTable.ts';
import { RunTree } from '../../../src/process/runTree.ts';
import { type StopPhase, stopTree, sweepTree } from '../../../src/process/stopTree.ts';
import type { RunTarget } from '../../../src/process/tree.ts';
import { endPrograms, program, type ProgramRun, runProgram } from '../../support/programRun.ts';
import { until } from '../../support/until.ts';
import { onlyOnLinux } from '../../support/skip.ts';

const node = process.execPath;
const clock = systemClock;
const patient = { signal: 'SIGTERM', graceMs: 60_000, clock } as const;
const hasty = { signal: 'SIGTERM', graceMs: 100, clock } as const;

/** Counted without the code under test: by group and session, and by the mark. */
async function living(run: ProgramRun): Promise<number[]> {
  const marked = (await findMarked()).get(run.target.runId)?.pids ?? [];
  const table = await listProcesses('tree');
  const grouped = table.filter((info) => info.pgid === run.pid || info.sid === run.pid);
  return [...marked, ...grouped.filter((info) => !info.isZombie).map((info) => info.pid)];
}

async function assertGone(run: ProgramRun): Promise<void> {
  assert.deepEqual(await living(run), []);
}

describe('stopTree', () => {
  afterEach(endPrograms);

  it('ends a program by the signal, well before the grace is over', async () => {
    const run = await runProgram([node, program('exitOnTerm.mjs'), '3']);
    await run.line(/ready/);
    assert.deepEqual(await stopTree(run.target, patient), { survivors: [], killed: false });
    assert.equal((await run.exited).code, 3);
    assert.equal(readExitFile(run.exitFile)?.code, 3);
    await assertGone(run);
  });

  it('reaches both ends of a shell wrapper', async () => {
    const run = await runProgram('sleep 60 & sleep 61; echo never');
    await until('three processes', async () => (await living(run)).length >= 3);
    // A shell between fork and exec may take the signal for its own: a young run is told again.
    const result = await stopTree(run.target, { ...patient, ageMs: 0 });
    assert.deepEqual(result, { survivors: [], killed: false });
    assert.doesNotMatch(run.log(), /never/);
    await assertGone(run);
  });

  it('kills what ignores the signal, after the grace', async () => {
    const run = await runProgram([node, program('ignoreTerm.mjs')]);
    await run.line(/ready/);
    const phases: StopPhase[] = [];
    const result = await stopTree(run.target, { ...hasty, onPhase: (phase) => phases.push(phase) });
    assert.deepEqual(result, { survivors: [], killed: true });
    assert.deepEqual(phases, ['asked', 'killing']);
    assert.match(run.log(), /heard SIGTERM/);
    assert.equal((await run.exited).signal, 'SIGKILL');
    await assertGone(run);
  });

  it('is not done when the leader is: a member of the group lives on', async () => {
    const run = await runProgram(`"${node}" "${program('ignoreTerm.mjs')}" & exec sleep 60`);
    await run.line(/ready/);
    const result = await stopTree(run.target, hasty);
    assert.deepEqual(result, { survivors: [], killed: true });
    assert.equal((await run.exited).signal, 'SIGTERM');
    await assertGone(run);
  });

  it('waits for a grandchild that takes its time', async () => {
    const run = await runProgram(
      `sh -c 'trap "sleep 0.3; echo tidied; exit" TERM; echo ready; while :; do sleep 0.05; done' & exec sleep 60`,
    );
    await run.line(/ready/);
    assert.equal((await stopTree(run.target, patient)).killed, false);
    assert.match(run.log(), /tidied/);
    await assertGone(run);
  });

  it('finds a daemon that left group, session and parent', async function () {
    onlyOnLinux(this);
    const run = await runProgram([
      node,
      program('daemonize.mjs'),
      '--stay',
      program('exitOnTerm.mjs'),
    ]);
    await run.line(/ready/);
    assert.deepEqual(await stopTree(run.target, patient), { survivors: [], killed: false });
    await assertGone(run);
  });

  it('kills a daemon that ignores the signal', async function () {
    onlyOnLinux(this);
    const run = await runProgram([
      node,
      program('daemonize.mjs'),
      '--stay',
      program('ignoreTerm.mjs'),
    ]);
    await run.line(/ready/);
    assert.deepEqual(await stopTree(run.target, hasty), { survivors: [], killed: true });
    await assertGone(run);
  });

  it('finds a child in a session of its own that cleared its environment', async () => {
    const run = await runProgram(
      'setsid env -i /bin/sh -c "echo ready \\$\\$; exec sleep 60" & wait',
    );
    const pid = Number(await run.line(/ready (\d+)/));
    assert.deepEqual(await stopTree(run.target, patient), { survivors: [], killed: false });
    const left = (await listProcesses('tree')).find((info) => info.pid === pid);
    assert(left === undefined || left.isZombie);
  });

  it('ends a stopped program', async () => {
    const run = await runProgram('echo ready; kill -STOP $$; echo woken');
    await run.line(/ready/);
    assert.deepEqual(await stopTree(run.target, patient), { survivors: [], killed: false });
    await assertGone(run);
  });

  it('catches a program that replaces itself again and again', async function () {
    onlyOnLinux(this);
    const run = await runProgram([program('respawn.sh')]);
    await run.exited;
    await until('a successor', async () => (await findMarked()).has(run.target.runId));
    const result = await stopTree(run.target, hasty);
    assert.deepEqual(result.survivors, []);
    assert.equal(result.killed, true);
    // Its generations last 20 ms: whoever had escaped would be seen within a few of them.
    for (let look = 0; look < 20; look++) {
      await assertGone(run);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  it('stops waiting when it is told to force', async () => {
    const run = await runProgram([node, program('ignoreTerm.mjs')]);
    await run.line(/ready/);
    const force = new AbortController();
    const stopped = stopTree(run.target, { ...patient, force: force.signal });
    await run.line(/heard SIGTERM/);
    force.abort();
    assert.deepEqual(await stopped, { survivors: [], killed: true });
    await assertGone(run);
  });

  it('runs a stop command in place of the signal', async () => {
    const run = await runProgram([node, program('ignoreTerm.mjs')]);
    await run.line(/ready/);
    const command = (): Promise<void> => {
      process.kill(-run.pid, 'SIGHUP');
      return Promise.resolve();
    };
    const result = await stopTree(run.target, { ...patient, command });
    assert.deepEqual(result, { survivors: [], killed: false });
    assert.doesNotMatch(run.log(), /heard SIGTERM/);
    await assertGone(run);
  });

  it('falls back to the signal when the stop command fails', async () => {
    const run = await runProgram([node, program('exitOnTerm.mjs'), '5']);
    await run.line(/ready/);
    const command = (): Promise<void> => Promise.reject(new Error('no such command'));
    assert.equal((await stopTree(run.target, { ...patient, command })).killed, false);
    assert.equal((await run.exited).code, 5);
  });

  it('kills when the stop command never ends', async () => {
    const run = await runProgram('sleep 60');
    const command = (): Promise<void> => new Promise(() => undefined);
    assert.deepEqual(await stopTree(run.target, { ...hasty, command }), {
      survivors: [],
      killed: true,
    });
    await assertGone(run);
  });

  it('tells those whom the stop command left behind', async () => {
    const run = await runProgram(`"${node}" "${program('exitOnTerm.mjs')}" & exec sleep 60`);
    await run.line(/ready/);
    const command = async (): Promise<void> => {
      process.kill(run.pid, 'SIGKILL');
      await run.exited;
    };
    assert.equal((await stopTree(run.target, { ...patient, command })).killed, false);
    await assertGone(run);
  });

  it('has nothing to do when all is over', async () => {
    const run = await runProgram('true');
    await run.exited;
    assert.deepEqual(await stopTree(run.target, hasty), { survivors: [], killed: false });
  });

  it('never signals a program that was given the same PID', async () => {
    const bystander = await runProgram('sleep 60');
    const stale: RunTarget = {
      pid: bystander.pid,
      startTime: 'an earlier one',
      runId: 'a run that is long over',
    };
    assert.deepEqual(await stopTree(stale, hasty), { survivors: [], killed: false });
    assert.deepEqual(await sweepTree(stale, { clock }), { survivors: [], killed: false });
    assert.notDeepEqual(await living(bystander), []);
  });

  it('leaves the group alone that a later program made with the same number', async () => {
    // The leader has ended, so that nothing but the number speaks for the group.
    const bystander = await runProgram('sleep 60 & exit', { isRecorded: false });
    await bystander.exited;
    const stale: RunTarget = { pid: bystander.pid, startTime: 'earlier', runId: 'long over' };
    assert.deepEqual(await stopTree(stale, hasty), { survivors: [], killed: false });
    assert.notDeepEqual(await living(bystander), []);
  });

  it('takes the group for ours as long as a member carries the mark', async function () {
    onlyOnLinux(this);
    const run = await runProgram('sleep 60 & env -i /bin/sleep 61 & exit', { isRecorded: false });
    await run.exited;
    await until('both', async () => new Set(await living(run)).size === 2);
    await stopTree(run.target, hasty);
    await assertGone(run);
  });
});

describe('sweepTree', () => {
  afterEach(endPrograms);

  it('ends what the leader left in the group, with or without the mark', async () => {
    const run = await runProgram(
      `"${node}" "${program('renamed.mjs')}" & until grep -q ready log; do :; done; exit 1`,
    );
    assert.equal((await run.exited).code, 1);
    assert.deepEqual(await sweepTree(run.target, { clock }), { survivors: [], killed: false });
    await assertGone(run);
  });

  it('ends a daemon the leader left behind', async function () {
    onlyOnLinux(this);
    const run = await runProgram([node, program('daemonize.mjs'), program('exitOnTerm.mjs')]);
    await run.line(/ready/);
    await run.exited;
    assert.deepEqual(await sweepTree(run.target, { clock }), { survivors: [], killed: false });
    await assertGone(run);
  });

  it('kills what ignores the signal', async () => {
    const run = await runProgram(
      `"${node}" "${program('ignoreTerm.mjs')}" & until grep -q ready log; do :; done`,
    );
    await run.exited;
    const result = await sweepTree(run.target, { clock, graceMs: 100 });
    assert.deepEqual(result, { survivors: [], killed: true });
    await assertGone(run);
  });
});

describe('RunTree', () => {
  afterEach(endPrograms);

  it('leaves zombies out', async function () {
    onlyOnLinux(this);
    const run = await runProgram(
      'exec perl -e \'$|=1; if (!($p = fork)) { exit } print "zombie $p\\n"; sleep 60\'',
    );
    const zombiePid = Number(await run.line(/zombie (\d+)\n/));
    const tree = new RunTree(run.target, false);
    await until('the zombie to be left out', async () => {
      await tree.scan();
      return !tree.members.some(({ pid }) => pid === zombiePid);
    });
    assert((await listProcesses()).find(({ pid }) => pid === zombiePid)?.isZombie);
    assert.equal(tree.isLeaderAlive, true);
  });
});
