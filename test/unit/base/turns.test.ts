import assert from 'node:assert/strict';
import { Turns } from '../../../src/base/turns.ts';

describe('Turns', () => {
  it('come one after the other, in the order in which they were asked for', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const take = async (name: string): Promise<void> => {
      await turns.next();
      log.push(name);
      process.nextTick(() => log.push(`after ${name}`));
    };
    await Promise.all(['a', 'b', 'c'].map(take));
    await turns.next();
    assert.deepEqual(log, ['a', 'after a', 'b', 'after b', 'c', 'after c']);
  });

  it('are waited for by what can wait, in its order', async () => {
    const turns = new Turns(600_000);
    const log: string[] = [];
    const work = async (name: string): Promise<void> => {
      await turns.next();
      log.push(name);
      await turns.afterwards();
      log.push(`${name} is told of`);
    };
    await Promise.all(['a', 'b', 'c'].map(work));
    assert.deepEqual(log, ['a', 'b', 'c', 'a is told of', 'b is told of', 'c is told of']);
  });

  it('hold nothing up when who had the last one has nothing to say', async () => {
    // It would take a day otherwise.
    const turns = new Turns(24 * 60 * 60 * 1000);
    const first = turns.next().then(() => turns.afterwards());
    const last = turns.next();
    await Promise.all([first, last]);
  });

  it('let other work come in between when much has waited', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const count = 25;
    const all = Array.from({ length: count }, async () => {
      await turns.next();
      await turns.afterwards();
      log.push('told');
      process.nextTick(() => {
        if (log.at(-1) !== 'between') log.push('between');
      });
    });
    await Promise.all(all);
    await turns.next();
    assert.equal(log.filter((one) => one === 'told').length, count);
    assert.equal(log.filter((one) => one === 'between').length, 3);
  });

  it('hold nothing up when nobody waits for one', async () => {
    await new Turns().afterwards();
  });

  it('do not hold up for ever what can wait', async () => {
    const turns = new Turns();
    let isOver = false;
    const endlessly = async (): Promise<void> => {
      while (!isOver) await Promise.all([turns.next(), turns.next()]);
    };
    const work = endlessly();
    await turns.next();
    await turns.afterwards();
    isOver = true;
    await work;
  });
});
