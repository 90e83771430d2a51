import assert from 'node:assert/strict';
import { Debounce, longestWait } from '../../../src/base/debounce.ts';
import { HandClock } from '../../support/handClock.ts';

function subject(quietMs: number) {
  const clock = new HandClock();
  const acted: number[] = [];
  const debounce = new Debounce(clock, quietMs, () => acted.push(clock.now()));
  return { clock, acted, debounce };
}

describe('A debounce', () => {
  it('acts once when it has been quiet for long enough', async () => {
    const { clock, acted, debounce } = subject(300);
    debounce.note();
    await clock.advance(299);
    debounce.note();
    await clock.advance(299);
    assert.deepEqual(acted, []);
    await clock.advance(10_000);
    assert.deepEqual(acted, [599]);
  });

  for (const [quietMs, waitMs] of [
    [300, 3_000],
    [50, 500],
    [2_000, 5_000],
    [10_000, 20_000],
  ] as const) {
    it(`of ${quietMs} ms acts every ${waitMs} ms while it is never quiet`, async () => {
      const { clock, acted, debounce } = subject(quietMs);
      const stepMs = quietMs / 5;
      while (clock.now() < 4 * waitMs) {
        debounce.note();
        await clock.advance(stepMs);
      }
      assert.equal(longestWait(quietMs), waitMs);
      assert.equal(acted[0], waitMs);
      const gaps = acted.slice(1).map((atMs, index) => atMs - acted[index]!);
      assert(gaps.length >= 2 && gaps.every((gapMs) => gapMs <= waitMs + stepMs), String(acted));
      assert(
        gaps.every((gapMs) => gapMs >= waitMs),
        'no more often than that',
      );
    });
  }

  it('counts anew after it was cancelled, and does nothing then', async () => {
    const { clock, acted, debounce } = subject(100);
    debounce.note();
    await clock.advance(90);
    debounce.cancel();
    await clock.advance(5_000);
    assert.deepEqual(acted, []);
    debounce.note();
    await clock.advance(5_000);
    assert.deepEqual(acted, [5_190]);
  });
});
