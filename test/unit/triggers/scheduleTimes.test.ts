import assert from 'node:assert/strict';
import type { Schedule } from '../../../src/config/model.ts';
import { decideTime, nextTime } from '../../../src/triggers/scheduleTimes.ts';

function schedule(cron: string, timeZone = 'UTC'): Schedule {
  return { cron, timeZone, overlap: 'skip' };
}

/** The next times in ISO, in UTC. */
function times(cron: string, timeZone: string, from: string, count: number): string[] {
  const found: string[] = [];
  const read = schedule(cron, timeZone);
  for (let atMs = Date.parse(from); found.length < count;) {
    atMs = nextTime(read, atMs)!;
    found.push(new Date(atMs).toISOString().slice(0, 16));
  }
  return found;
}

describe('nextTime', () => {
  const table: [
    what: string,
    cron: string,
    timeZone: string,
    from: string,
    expected: readonly string[],
  ][] = [
    [
      'every five minutes',
      '*/5 * * * *',
      'UTC',
      '2026-01-01T10:01:00Z',
      ['2026-01-01T10:05', '2026-01-01T10:10'],
    ],
    ['after a time, not at it', '0 9 * * *', 'UTC', '2026-01-01T09:00:00Z', ['2026-01-02T09:00']],
    [
      'in the time zone of the schedule',
      '0 9 * * *',
      'America/New_York',
      '2026-01-01T00:00:00Z',
      ['2026-01-01T14:00'],
    ],
    ['on weekdays', '0 9 * * MON-FRI', 'UTC', '2026-01-02T12:00:00Z', ['2026-01-05T09:00']],
    [
      'once after a gap in the night the clocks go forward',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00', '2026-03-30T00:30'],
    ],
    [
      'once where an hour comes twice',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30', '2026-10-26T01:30'],
    ],
    [
      'evenly through the hour that comes twice',
      '*/30 * * * *',
      'Europe/Berlin',
      '2026-10-25T00:10:00Z',
      ['2026-10-25T00:30', '2026-10-25T01:00', '2026-10-25T01:30', '2026-10-25T02:00'],
    ],
  ];
  for (const [what, cron, timeZone, from, expected] of table) {
    it(what, () => {
      assert.deepEqual(times(cron, timeZone, from, expected.length), expected);
    });
  }

  it('knows seconds', () => {
    assert.equal(nextTime(schedule('*/10 * * * * *'), 1), 10_000);
  });

  it('is none where there is no such time, or no such schedule', () => {
    assert.equal(nextTime(schedule('0 0 30 2 *'), 0), undefined);
    assert.equal(nextTime(schedule('nonsense'), 0), undefined);
  });
});

describe('decideTime', () => {
  const minutely = schedule('* * * * *');
  it('waits for a time that is to come', () => {
    assert.deepEqual(decideTime(minutely, 60_000, 59_999), { kind: 'wait', untilMs: 60_000 });
  });
  it('takes a time that is somewhat late', () => {
    assert.deepEqual(decideTime(minutely, 60_000, 75_000), { kind: 'due', atMs: 60_000 });
  });
  it('counts what was slept through', () => {
    assert.deepEqual(decideTime(minutely, 60_000, 10 * 60_000 + 1), {
      kind: 'missed',
      atMs: 10 * 60_000,
      count: 10,
    });
  });
  it('stops counting somewhere', () => {
    const due = decideTime(minutely, 60_000, 1e10);
    assert(due.kind === 'missed' && due.count === 100);
  });
});
