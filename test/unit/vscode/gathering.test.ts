import assert from 'node:assert/strict';
import { Gathering } from '../../../src/vscode/gathering.ts';
import { FakeClock } from '../../support/fakeClock.ts';

describe('Gathering', () => {
  function begin(): { clock: FakeClock; gathering: Gathering; acts: () => number } {
    const clock = new FakeClock();
    let acts = 0;
    const gathering = new Gathering(clock, { firstMs: 5, everyMs: 40 }, () => (acts += 1));
    return { clock, gathering, acts: () => acts };
  }

  it('acts soon after a quiet time', async () => {
    const { clock, gathering, acts } = begin();
    gathering.wish();
    await clock.advance(4);
    assert.equal(acts(), 0);
    await clock.advance(1);
    assert.equal(acts(), 1);
    await clock.advance(1000);
    assert.equal(acts(), 1, 'nothing more was wished for');
    gathering.wish();
    await clock.advance(5);
    assert.equal(acts(), 2);
  });

  it('acts once for all wishes of a busy time, and never waits longer than that', async () => {
    const { clock, gathering, acts } = begin();
    gathering.wish();
    await clock.advance(5);
    for (let i = 0; i < 39; i += 1) {
      gathering.wish();
      await clock.advance(1);
    }
    assert.equal(acts(), 1);
    await clock.advance(1);
    assert.equal(acts(), 2);
  });

  it('acts no more when it is disposed, not even by itself', async () => {
    const clock = new FakeClock();
    let acts = 0;
    const gathering: Gathering = new Gathering(clock, { firstMs: 0, everyMs: 40 }, () => {
      acts += 1;
      gathering.wish();
      gathering.dispose();
    });
    gathering.wish();
    await clock.advance(1000);
    assert.equal(acts, 1);
  });
});
