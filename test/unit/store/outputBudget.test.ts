import assert from 'node:assert/strict';
import { OutputBudget, type OutputLimits } from '../../../src/store/outputBudget.ts';

/** Each line of the tests is nine characters and a line feed. */
const limits: OutputLimits = { bytesPerSecond: 100, burstBytes: 200, lastLines: 3 };
const numbered = (from: number, count: number): string[] =>
  [...Array(count).keys()].map((i) => `line ${String(from + i).padStart(4, '0')}`);

describe('OutputBudget', () => {
  it('shows everything within the burst', () => {
    const budget = new OutputBudget(0, limits);
    assert.deepEqual(budget.take(numbered(0, 20), 0), {
      leftOut: undefined,
      lines: numbered(0, 20),
    });
    assert.equal(budget.isHolding, false);
  });

  it('cuts a flood and tells how much, with the last lines, once it is over', () => {
    const budget = new OutputBudget(0, limits);
    assert.deepEqual(budget.take(numbered(0, 100), 0).lines, numbered(0, 20));
    assert.deepEqual(budget.take(numbered(100, 50), 500), { leftOut: undefined, lines: [] });
    assert.ok(budget.isHolding);
    assert.deepEqual(budget.settle(900), { leftOut: undefined, lines: [] });
    assert.deepEqual(budget.settle(1000), {
      leftOut: { lines: 127, bytes: 1270 },
      lines: numbered(147, 3),
    });
    assert.equal(budget.isHolding, false);
  });

  it('shows what comes after the flood behind the gap', () => {
    const budget = new OutputBudget(0, limits);
    budget.take(numbered(0, 30), 0);
    assert.deepEqual(budget.take(numbered(30, 1), 2000), {
      leftOut: { lines: 7, bytes: 70 },
      lines: numbered(27, 4),
    });
  });

  it('keeps to the sustained rate in a lasting flood', () => {
    const budget = new OutputBudget(0, limits);
    let shown = 0;
    for (let ms = 0; ms < 60_000; ms += 50) shown += budget.take(numbered(0, 50), ms).lines.length;
    const bytes = shown * 10;
    assert.ok(bytes <= 200 + 60 * 100 + 3 * 10, `${bytes}`);
    assert.ok(bytes >= 50 * 100, `${bytes}`);
  });

  it('always shows the last lines at the end', () => {
    const budget = new OutputBudget(0, limits);
    budget.take(numbered(0, 30), 0);
    assert.deepEqual(budget.finish(), { leftOut: { lines: 7, bytes: 70 }, lines: numbered(27, 3) });
  });

  it('counts what was never read, before the lines that follow it', () => {
    const budget = new OutputBudget(0, limits);
    budget.skip(5000);
    assert.deepEqual(budget.take(numbered(0, 1), 0), {
      leftOut: { lines: 0, bytes: 5000 },
      lines: numbered(0, 1),
    });
    budget.take(numbered(0, 25), 0);
    budget.skip(1000);
    assert.deepEqual(budget.finish(), { leftOut: { lines: 6, bytes: 1060 }, lines: [] });
  });

  it('loses no line: shown and left out add up', () => {
    const budget = new OutputBudget(0, limits);
    let shown = 0;
    let leftOut = 0;
    for (let ms = 0; ms < 10_000; ms += 70) {
      const share = budget.take(numbered(0, 7), ms);
      shown += share.lines.length;
      leftOut += share.leftOut?.lines ?? 0;
    }
    const last = budget.finish();
    assert.equal(shown + leftOut + last.lines.length + (last.leftOut?.lines ?? 0), 143 * 7);
  });
});
