import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { acquireLock, lockOwner, type LockOptions } from '../../../src/store/environmentLock.ts';
import { requestRelease } from '../../../src/store/heldLock.ts';
import { temporaryFolder, until } from './temporaryFolder.ts';

interface Answer {
  readonly kind: string;
  readonly pid?: number;
  readonly ns?: string;
  readonly label?: string;
}

const contenders = new Set<ChildProcess>();

async function startContenders(count: number): Promise<ChildProcess[]> {
  const program = new URL('../../fixtures/lockContender.ts', import.meta.url).pathname;
  const started = [...Array(count).keys()].map(() => fork(program));
  for (const child of started) contenders.add(child);
  await Promise.all(started.map((child) => answer(child, 'hello')));
  return started;
}

async function answer(child: ChildProcess, kind?: string): Promise<Answer> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [Answer];
    if (kind === undefined || message.kind === kind) return message;
  }
}

function tell(child: ChildProcess, order: object): Promise<Answer> {
  const answered = answer(child);
  child.send(order);
  return answered;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
  contenders.delete(child);
}

/** Leaves a lock behind whose owner is gone. */
function leaveDeadLock(folder: string, generation: number): void {
  mkdirSync(folder, { recursive: true });
  const entry = { pid: 2 ** 22 + 1, startTime: '1', label: 'dead', isReleased: false };
  writeEntry(folder, generation, entry);
}

function writeEntry(folder: string, generation: number, entry: object): void {
  const file = path.join(folder, `${generation}.lock`);
  writeFileSync(file, JSON.stringify({ host: hostname(), ...entry }));
}

describe('the lock of an environment', function () {
  this.timeout(400_000);
  let folder: string;
  const alive = new Set<number>();
  const options = (pid: number, more: Partial<LockOptions> = {}): LockOptions => ({
    self: { pid, startTime: `s${pid}`, label: `host ${pid}` },
    isAlive: (identity) =>
      Promise.resolve(alive.has(identity.pid) && identity.startTime === `s${identity.pid}`),
    ...more,
  });
  const acquire = async (pid: number, more?: Partial<LockOptions>) => {
    alive.add(pid);
    return acquireLock(folder, options(pid, more));
  };
  const hold = async (pid: number, more?: Partial<LockOptions>) => {
    const result = await acquire(pid, more);
    assert.ok(result.kind === 'held');
    return result.lock;
  };

  beforeEach(() => {
    alive.clear();
    folder = path.join(temporaryFolder(), 'lock');
  });
  afterEach(async () => {
    await Promise.all([...contenders].map(kill));
  });

  it('goes to one, who is named to the others', async () => {
    const lock = await hold(10);
    const second = await acquire(11);
    assert.ok(second.kind === 'owned');
    assert.equal(second.owner?.pid, 10);
    assert.equal(second.owner.label, 'host 10');
    assert.equal((await lockOwner(folder, options(11).isAlive))?.pid, 10);
    await lock.release();
    assert.equal(await lockOwner(folder, options(11).isAlive), undefined);
    await (await hold(11)).release();
  });

  it('is taken at once from a dead owner, and from one whose PID somebody else has now', async () => {
    await hold(10);
    alive.delete(10);
    const lock = await hold(11);
    await lock.release();
    writeEntry(folder, 9, { pid: 12, startTime: 'older', label: '', isReleased: false });
    await (await hold(12)).release();
  });

  it('is waited for until the owner lets go', async () => {
    const lock = await hold(10);
    const waiting = acquire(11, { waitMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await lock.release();
    const result = await waiting;
    assert.ok(result.kind === 'held');
    await result.lock.release();
  });

  it('is waited for no longer than asked, or until cancelled', async () => {
    const lock = await hold(10);
    assert.equal((await acquire(11, { waitMs: 300 })).kind, 'owned');
    const cancel = new AbortController();
    const waiting = acquire(12, { waitMs: 60_000, signal: cancel.signal });
    cancel.abort();
    assert.equal((await waiting).kind, 'owned');
    await lock.release();
  });

  it('passes requests on to its owner, each once', async () => {
    const asked: string[] = [];
    const lock = await hold(10, {
      onReleaseRequested: ({ label }) => asked.push(label),
    });
    await requestRelease(folder, 'window 2');
    await until(() => asked.length === 1);
    await requestRelease(folder, 'window 3');
    await until(() => asked.length === 2);
    assert.deepEqual(asked, ['window 2', 'window 3']);
    await lock.release();
    const next = await hold(11, { onReleaseRequested: ({ label }) => asked.push(label) });
    await requestRelease(folder, 'window 4');
    await until(() => asked.length === 3);
    assert.equal(asked[2], 'window 4');
    await next.release();
  });

  it('tells its owner when it is gone', async () => {
    let lost = 0;
    const lock = await hold(10, { onLost: () => (lost += 1) });
    rmSync(folder, { recursive: true });
    await until(() => lost > 0);
    assert.equal(lost, 1);
    assert.equal(lock.isHeld, false);
    const next = await hold(11);
    // Nothing of the old one may come back to life.
    await lock.release();
    assert.equal((await acquire(12)).kind, 'owned');
    await next.release();
  });

  it('respects an owner on another host while it gives signs of life', async () => {
    mkdirSync(folder, { recursive: true });
    writeEntry(folder, 1, {
      host: 'elsewhere',
      pid: 5,
      startTime: 's',
      label: 'x',
      isReleased: false,
    });
    const result = await acquire(10);
    assert.ok(result.kind === 'owned');
    assert.equal(result.owner?.host, 'elsewhere');
    utimesSync(path.join(folder, '1.lock'), 1, 1);
    await (await hold(10)).release();
  });

  it('waits a moment for an owner that is just writing, not for ever for a damaged file', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, '3.lock'), '{"pid":');
    // However long it takes until it is looked at, it was written a moment ago.
    const soon = new Date(Date.now() + 600_000);
    utimesSync(path.join(folder, '3.lock'), soon, soon);
    assert.deepEqual(await acquire(10), { kind: 'owned', owner: undefined });
    utimesSync(path.join(folder, '3.lock'), 1, 1);
    await (await hold(10)).release();
  });

  it('leaves few files behind', async () => {
    for (let pid = 10; pid < 60; pid += 1) await (await hold(pid)).release();
    assert.ok(readdirSync(folder).length <= 5, readdirSync(folder).join());
  });

  it('of ten programs that find a dead owner at the same moment, one gets it, 20 times', async () => {
    const programs = await startContenders(10);
    for (let round = 0; round < 20; round += 1) {
      const lock = path.join(folder, String(round));
      leaveDeadLock(lock, round + 1);
      const answers = await Promise.all(programs.map((child) => tell(child, { folder: lock })));
      const owners = answers.filter(({ kind }) => kind === 'held');
      assert.equal(owners.length, 1, JSON.stringify(answers));
      for (const { pid } of answers) assert.equal(pid, owners[0]?.pid);
      const owner = programs.find(({ pid }) => pid === owners[0]?.pid)!;
      await tell(owner, { release: true });
    }
  });

  it('is never held by two, however often ten programs take and release it', async () => {
    const programs = await startContenders(10);
    const critical = path.join(temporaryFolder(), 'critical');
    const answers = await Promise.all(
      programs.map((child) => tell(child, { folder, turns: 20, critical })),
    );
    assert.deepEqual(new Set(answers.map(({ kind }) => kind)), new Set(['done']));
  });

  it('passes on when its owner is killed, to one after the other', async () => {
    const programs = await startContenders(10);
    const waiting = new Map(
      programs.map((child) => [child, tell(child, { folder, waitMs: 120_000 })]),
    );
    let killedNs = 0n;
    while (waiting.size > 0) {
      const { owner, result } = await Promise.race(
        [...waiting].map(async ([child, answered]) => ({ owner: child, result: await answered })),
      );
      assert.equal(result.kind, 'held');
      // One clock for all programs: nobody had it before its predecessor was killed.
      assert.ok(BigInt(result.ns ?? 0) > killedNs);
      killedNs = process.hrtime.bigint();
      await kill(owner);
      waiting.delete(owner);
    }
  });

  it('is handed over on request', async () => {
    const [first, second] = await startContenders(2);
    assert.equal((await tell(first!, { folder, grant: true })).kind, 'held');
    const asked = answer(first!, 'asked');
    const waiting = tell(second!, { folder, waitMs: 120_000 });
    await requestRelease(folder, 'second window');
    assert.equal((await asked).label, 'second window');
    assert.equal((await waiting).kind, 'held');
  });
});
