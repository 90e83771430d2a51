import assert from 'node:assert/strict';
import { addToTimeline, beginTimeline } from '../../../src/controller/timeline.ts';
import { explanationText } from '../../../src/vscode/explain/explanationText.ts';
import { timelineText } from '../../../src/vscode/explain/timelineText.ts';

const time = (atMs: number): string => `t${atMs}`;

describe('explanationText', () => {
  it('says how it is, because of whom, what it wrote, and what happened', () => {
    const text = explanationText(
      {
        name: 'api',
        summary: 'waiting for db, for 4 s',
        because: [{ name: 'db', summary: 'starting for 4 s' }],
        output: ['bye'],
        history: [
          { atMs: 0, state: 'waiting', run: 0, why: undefined },
          { atMs: 1, state: 'starting', run: 1, why: 'by you' },
          { atMs: 2, state: 'running', run: 1, why: undefined },
        ],
      },
      { time, state: (state) => state },
    );
    assert.equal(
      text,
      `api: waiting for db, for 4 s

Because of
  db: starting for 4 s

Its last lines
  bye

What happened
  t0         waiting
  t1  run 1  starting: by you
  t2  run 1  running
`,
    );
  });
});

describe('timelineText', () => {
  it('draws who waited and who started, and marks what decided the time', () => {
    let timeline = beginTimeline(0, 'you', ['db', 'api', 'lone']);
    timeline = addToTimeline(timeline, 'db', 'starting', 0, false);
    timeline = addToTimeline(timeline, 'lone', 'failed', 1_000, false);
    timeline = addToTimeline(timeline, 'db', 'running', 2_000, false);
    timeline = addToTimeline(timeline, 'api', 'starting', 2_000, false);
    timeline = addToTimeline(timeline, 'api', 'running', 4_000, false);
    const lines = timelineText({ timeline, critical: ['db', 'api'] }, 9_000, time).split('\n');
    assert.equal(lines[0], 't0: took 4 s');
    assert.match(lines[1] ?? '', /^\* db {4}▒{20} +up after 2 s$/);
    assert.match(lines[2] ?? '', /^\* api {3}·{20}▒{20} +up after 2 s$/);
    assert.match(lines[3] ?? '', /^ {2}lone {2}·{10} +failed$/);
    assert.equal(lines[4], '* decided how long it took: db → api');
  });

  it('says what is under way', () => {
    const timeline = beginTimeline(0, 'you', ['db']);
    const [heading] = timelineText({ timeline, critical: [] }, 3_000, time).split('\n');
    assert.equal(heading, 't0: under way for 3 s');
  });
});
