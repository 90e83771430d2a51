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
