import assert from 'node:assert/strict';
import { untilNextTry, watchHealth } from '../../../src/health/healthWatch.ts';
import type { Probe, ProbeResult } from '../../../src/health/probe.ts';
import { judge, noJudgement } from '../../../src/health/thresholds.ts';
import { HandClock } from '../../support/handClock.ts';

describe('thresholds', () => {
  const table: [what: string, results: string, verdicts: string][] = [
    ['one success makes it healthy at first', '+', 'h'],
    ['one failure makes nothing', '-', '?'],
    ['failures in a row make it unhealthy', '---', '??u'],
    ['a success in between starts the count anew', '--+---', '??hhhu'],
    ['it takes its successes in a row to be healthy again', '---+-++', '??uuuuh'],
    ['flapping stays what it was', '+--+--+--+', 'hhhhhhhhhh'],
    ['flapping stays unhealthy too', '---+-+-+-', '??uuuuuuu'],
  ];
  const words = { '?': 'unknown', h: 'healthy', u: 'unhealthy' } as const;
  for (const [what, results, verdicts] of table) {
    it(what, () => {
      let judgement = noJudgement;
      const seen = Array.from(results, (result) => {
        judgement = judge(judgement, result === '+', { failureThreshold: 3, successThreshold: 2 });
        return judgement.verdict;
      });
      assert.deepEqual(
        seen,
        Array.from(verdicts, (letter) => words[letter as keyof typeof words]),
      );
    });
  }
});

describe('untilNextTry', () => {
  for (const [elapsedMs, waitMs] of [
    [0, 100],
    [30, 70],
    [100, 100],
    [250, 50],
    [-5, 100],
  ] as const) {
    it(`after ${elapsedMs} ms of 100 is ${waitMs} ms`, () => {
      assert.equal(untilNextTry(elapsedMs, 100), waitMs);
    });
  }
});

/** A probe whose results are given one after the other; the last one stays. */
function scripted(results: string): Probe {
  const left = Array.from(results);
  return {
    check() {
      const result = left.length > 1 ? left.shift() : left[0];
      return Promise.resolve({ ok: result === '+', seen: `saw ${result}` });
    },
  };
}

describe('watchHealth', () => {
  let clock: HandClock;
  let controller: AbortController;
  let told: string[];
  beforeEach(() => {
    clock = new HandClock();
    controller = new AbortController();
    told = [];
  });
  afterEach(() => controller.abort());

  function watch(probe: Probe, random = 0.25): Promise<void> {
    return watchHealth(probe, {
      clock,
      signal: controller.signal,
      intervalMs: 1000,
      failureThreshold: 3,
      successThreshold: 2,
      random: () => random,
      onVerdict: (verdict, seen) => told.push(`${clock.now()} ${verdict}: ${seen}`),
    });
  }

  it('tells each change of the verdict, and what was seen', async () => {
    void watch(scripted('+--+---++'));
    await clock.advance(20_000);
    assert.deepEqual(told, ['250 healthy: saw +', '6250 unhealthy: saw -', '8250 healthy: saw +']);
  });

  it('spreads the first try over the interval', async () => {
    for (const random of [0, 0.5, 0.999]) void watch(scripted('+'), random);
    await clock.advance(999);
    assert.deepEqual(told, ['0 healthy: saw +', '500 healthy: saw +', '999 healthy: saw +']);
  });

  it('gives a probe that listens a whole interval first', async () => {
    void watch({ ...scripted('+'), isListening: true });
    await clock.advance(1000);
    assert.deepEqual(told, ['1000 healthy: saw +']);
  });

  it('never has two tries at once, and leaves out those that were missed', async () => {
    const begun: number[] = [];
    let underWay = 0;
    void watch({
      async check() {
        begun.push(clock.now());
        assert.equal(++underWay, 1);
        await new Promise<void>((resolve) => clock.schedule(2300, resolve));
        underWay--;
        return { ok: true, seen: '' };
      },
    });
    await clock.advance(8000);
    assert.deepEqual(begun, [250, 3250, 6250]);
  });

  it('says nothing of a try that was aborted, and ends', async () => {
    const watching = watch({
      check: (signal): Promise<ProbeResult> =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ ok: false, seen: 'aborted' }));
        }),
    });
    await clock.advance(1000);
    controller.abort();
    await watching;
    assert.deepEqual(told, []);
  });
});
