import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { type Disposable, toDisposable } from '../../../src/base/disposable.ts';
import { watchForExit } from '../../../src/process/exitWatch.ts';
import { identify, type ProcessIdentity } from '../../../src/process/identity.ts';

describe('watchForExit', () => {
  const children: ChildProcess[] = [];

  /** What a program does does not matter here, only that it is there. */
  async function start(): Promise<{ child: ChildProcess; identity: ProcessIdentity }> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
    children.push(child);
    await once(child, 'spawn');
    const identity = await identify(child.pid!);
    assert.ok(identity);
    return { child, identity };
  }

  /** The system's, counting the timers that are set. */
  function countingClock(): Clock & { pending: number; most: number } {
    const clock = {
      pending: 0,
      most: 0,
      now: () => systemClock.now(),
      schedule(delayMs: number, action: () => void): Disposable {
        clock.most = Math.max(clock.most, ++clock.pending);
        let isOver = false;
        const end = (): void => {
          if (!isOver) clock.pending -= 1;
          isOver = true;
        };
        const timer = systemClock.schedule(delayMs, () => {
          end();
          action();
        });
        return toDisposable(() => {
          end();
          timer.dispose();
        });
      },
    };
    return clock;
  }

  afterEach(async () => {
    await Promise.all(
      children.splice(0).map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'close');
        child.kill('SIGKILL');
        await ended;
      }),
    );
  });

  it('tells of the end of each process, with one timer for all', async () => {
    const clock = countingClock();
    const started = await Promise.all([start(), start(), start()]);
    const gone: number[] = [];
    const ends = started.map(
      ({ identity }) =>
        new Promise<void>((resolve) => {
          watchForExit(identity, clock, () => {
            gone.push(identity.pid);
            resolve();
          });
        }),
    );
    for (const [i, { child }] of started.entries()) {
      assert.equal(gone.length, i);
      child.kill('SIGKILL');
      await ends[i];
    }
    assert.deepEqual(
      gone,
      started.map(({ identity }) => identity.pid),
    );
    assert.equal(clock.most, 1);
    assert.equal(clock.pending, 0, 'nobody is left to look at');
  });

  it('takes another process with the same PID for the end', async () => {
    const { identity } = await start();
    await new Promise<void>((resolve) => {
      watchForExit({ ...identity, startTime: 'another' }, systemClock, resolve);
    });
  });

  it('is silent, and sets no timer, once it is disposed', async () => {
    const clock = countingClock();
    const first = await start();
    const second = await start();
    let wasTold = false;
    const watch = watchForExit(first.identity, clock, () => {
      wasTold = true;
    });
    const end = new Promise<void>((resolve) => {
      watchForExit(second.identity, clock, resolve);
    });
    watch.dispose();
    first.child.kill('SIGKILL');
    await once(first.child, 'close');
    second.child.kill('SIGKILL');
    await end;
    assert.equal(wasTold, false);
    assert.equal(clock.pending, 0);
  });
});
