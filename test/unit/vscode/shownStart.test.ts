import assert from 'node:assert/strict';
import { addToTimeline, beginTimeline, type Timeline } from '../../../src/controller/timeline.ts';
import { maxBars, shownStart } from '../../../src/vscode/dashboard/shownStart.ts';

const shown = (...timelines: Timeline[]): ReturnType<typeof shownStart> =>
  shownStart({ timelines: () => timelines, process: () => undefined });

/** Each takes a millisecond longer than the one before it; the first fails. */
function start(count: number): Timeline {
  const names = [...Array(count).keys()].map((i) => `p${i}`);
  let timeline = beginTimeline(1000, 'you', names);
  for (const name of names) timeline = addToTimeline(timeline, name, 'starting', 1000, false);
  for (const [i, name] of names.entries()) {
    const state = i === 0 ? 'failed' : 'running';
    timeline = addToTimeline(timeline, name, state, 1001 + i, false);
  }
  return timeline;
}

describe('the start that the dashboard shows', () => {
  it('is the last one of several processes', () => {
    assert.equal(shown(), undefined);
    const several = start(3);
    assert.equal(shown(several, beginTimeline(9000, 'you', ['p1']))?.startedAtMs, 1000);
    assert.equal(shown(several)?.omitted, 0);
  });

  it('has of a large one what decided it, what failed, and what took longest', () => {
    const large = shown(start(1000));
    assert.equal(large?.bars.length, maxBars);
    assert.equal(large.omitted, 1000 - maxBars);
    const [decided, failed, longest] = large.bars.map(({ name }) => name);
    assert.deepEqual([decided, failed, longest], ['p999', 'p0', 'p998']);
  });
});
