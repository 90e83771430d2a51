import assert from 'node:assert/strict';
import { SteadyNumbers } from '../../../src/monitor/steadyNumbers.ts';
import type { Usage } from '../../../src/monitor/usage.ts';
import { cpuText, memoryText } from '../../../src/monitor/usageWords.ts';

const megabyte = 1024 * 1024;

function usage(cpuPercent: number | undefined, megabytes: number): Usage {
  return { atMs: 0, cpuPercent, memoryBytes: megabytes * megabyte, pids: [1] };
}

describe('the words for numbers', () => {
  const cpu: [percent: number, text: string][] = [
    [0, '0 %'],
    [0.04, '0 %'],
    [1.23, '1.2 %'],
    [9.96, '10 %'],
    [84.4, '84 %'],
    [399.6, '400 %'],
  ];
  for (const [percent, text] of cpu) {
    it(`say ${percent} as ${text}`, () => assert.equal(cpuText(percent), text));
  }

  const memory: [bytes: number, text: string][] = [
    [0, '0 KB'],
    [640 * 1024, '640 KB'],
    [1023 * 1024, '1 MB'],
    [8.44 * megabyte, '8.4 MB'],
    [84.4 * megabyte, '84 MB'],
    [1000 * megabyte, '1 GB'],
    [1.34 * 1024 * megabyte, '1.3 GB'],
    [5e18, '4547474 TB'],
  ];
  for (const [bytes, text] of memory) {
    it(`say ${bytes} bytes as ${text}`, () => assert.equal(memoryText(bytes), text));
  }
});

describe('SteadyNumbers', () => {
  it('shows a program as soon as its CPU is known, and no more when it has ended', () => {
    const numbers = new SteadyNumbers<string>();
    assert.equal(numbers.take('a', usage(undefined, 84)), false);
    assert.deepEqual(numbers.texts('a'), []);
    assert.equal(numbers.take('a', usage(1.2, 84)), true);
    assert.deepEqual(numbers.texts('a'), ['1.2 %', '84 MB']);
    assert.equal(numbers.take('a', undefined), true);
    assert.deepEqual(numbers.texts('a'), []);
    assert.equal(numbers.take('a', undefined), false);
  });

  it('holds still while next to nothing happens', () => {
    const numbers = new SteadyNumbers<string>();
    numbers.take('a', usage(0, 84));
    let changes = 0;
    for (let tick = 0; tick < 100; tick += 1) {
      // One clock tick of 10 ms in every fifth look, and a page here and there.
      if (numbers.take('a', usage(tick % 5 === 0 ? 0.5 : 0, 84 + (tick % 7) / 10))) changes += 1;
    }
    assert.equal(changes, 0);
  });

  it('follows what has really changed, within a few looks', () => {
    const numbers = new SteadyNumbers<string>();
    numbers.take('a', usage(0, 84));
    for (let tick = 0; tick < 8; tick += 1) numbers.take('a', usage(100, 200));
    const [cpu, memory] = numbers.texts('a');
    assert.ok(Number.parseFloat(cpu!) >= 85, cpu);
    assert.equal(memory, '200 MB');
    for (let tick = 0; tick < 20; tick += 1) numbers.take('a', usage(0, 84));
    assert.ok(Number.parseFloat(numbers.texts('a')[0]!) <= 0.3, numbers.texts('a')[0]);
  });
});
