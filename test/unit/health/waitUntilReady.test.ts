import assert from 'node:assert/strict';
import type { Clock } from '../../../src/base/clock.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { toDisposable } from '../../../src/base/disposable.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import type { ProbeResult } from '../../../src/health/probe.ts';
import { nextProbeDelay, waitUntilReady } from '../../../src/health/waitUntilReady.ts';

describe('nextProbeDelay', () => {
  const table: [elapsedMs: number, delayMs: number][] = [
    [0, 10],
    [50, 10],
    [100, 10],
    [200, 20],
    [1000, 100],
    [9990, 999],
    [10_000, 1000],
    [3_600_000, 1000],
  ];
  for (const [elapsedMs, delayMs] of table) {
    it(`after ${elapsedMs} ms is ${delayMs} ms`, () => {
      assert.equal(nextProbeDelay(elapsedMs), delayMs);
    });
  }

  it('tries a minute of waiting less than 150 times', () => {
    let tries = 0;
    for (let elapsedMs = 0; elapsedMs < 60_000; elapsedMs += nextProbeDelay(elapsedMs)) tries++;
    assert(tries < 150, `${tries} tries`);
  });
});

/** Lets time leap to whatever is scheduled. */
function leapingClock(): Clock & { waits: number[] } {
  let nowMs = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => nowMs,
    schedule(delayMs, action) {
      waits.push(delayMs);
      let isDisposed = false;
      setImmediate(() => {
        if (isDisposed) return;
        nowMs += delayMs;
        action();
      });
      return toDisposable(() => {
        isDisposed = true;
      });
    },
  };
}

describe('waitUntilReady', () => {
  it('tries at once, one at a time, and tells of each try', async () => {
    const clock = leapingClock();
    let underWay = 0;
    let most = 0;
    let calls = 0;
    const seen: [string, number][] = [];
    const outcome = await waitUntilReady(
      {
        async check() {
          most = Math.max(most, ++underWay);
          await new Promise(setImmediate);
          underWay--;
          return { ok: ++calls === 4, seen: `try ${calls}` };
        },
      },
      {
        clock,
        signal: new AbortController().signal,
        onAttempt: (result, tries) => seen.push([result.seen, tries]),
      },
    );
    assert.equal(outcome, 'ready');
    assert.equal(most, 1);
    assert.deepEqual(clock.waits, [10, 10, 10]);
    assert.deepEqual(seen, [
      ['try 1', 1],
      ['try 2', 2],
      ['try 3', 3],
      ['try 4', 4],
    ]);
  });

  it('does not wait when the probe says that things have changed, even during a try', async () => {
    const changed = new Emitter<void>();
    let calls = 0;
    const outcome = await waitUntilReady(
      {
        check(): Promise<ProbeResult> {
          if (++calls === 1) changed.fire();
          return Promise.resolve({ ok: calls === 2, seen: '' });
        },
        onDidChange: changed.event,
      },
      {
        // Time stands still: without the change the second try would never come.
        clock: { now: () => 0, schedule: () => toDisposable(() => undefined) },
        signal: new AbortController().signal,
      },
    );
    assert.equal(outcome, 'ready');
  });

  it('ends when it is aborted, between tries and during one', async () => {
    for (const isDuring of [true, false]) {
      const controller = new AbortController();
      const waiting = waitUntilReady(
        {
          check: (signal) =>
            isDuring
              ? new Promise((resolve) => {
                  signal.addEventListener('abort', () => resolve({ ok: true, seen: 'late' }));
                  setImmediate(() => controller.abort());
                })
              : Promise.resolve({ ok: false, seen: '' }),
        },
        { clock: systemClock, signal: controller.signal, onAttempt: () => controller.abort() },
      );
      assert.equal(await waiting, 'aborted');
    }
  });
});
