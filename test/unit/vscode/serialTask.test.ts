import assert from 'node:assert/strict';
import { SerialTask } from '../../../src/vscode/serialTask.ts';

describe('SerialTask', () => {
  it('runs one at a time, and once more after the last request', async () => {
    let active = 0;
    let runs = 0;
    const releases: (() => void)[] = [];
    const task = new SerialTask(async () => {
      active++;
      runs++;
      assert.equal(active, 1);
      await new Promise<void>((resolve) => releases.push(resolve));
      active--;
    });
    const first = task.request();
    const second = task.request();
    const third = task.request();
    assert.equal(second, third);
    assert.equal(runs, 1);
    releases.shift()!();
    await first;
    while (releases.length === 0) await Promise.resolve();
    releases.shift()!();
    await second;
    assert.equal(runs, 2);
  });

  it('goes on after a failure, and tells of it', async () => {
    let runs = 0;
    const task = new SerialTask(() => {
      runs++;
      return runs === 1 ? Promise.reject(new Error('first')) : Promise.resolve();
    });
    const first = task.request();
    const second = task.request();
    await assert.rejects(first, /first/);
    await second;
    assert.equal(runs, 2);
  });
});
