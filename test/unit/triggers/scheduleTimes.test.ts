import assert from 'node:assert/strict';
import { decideTime, ScheduleTimes } from '../../../src/triggers/scheduleTimes.ts';

function schedule(cron: string, timeZone = 'UTC'): Promise<ScheduleTimes> {
  return ScheduleTimes.read({ cron, timeZone, overlap: 'skip' });
}

/** The next times in ISO, in UTC. */
async function times(
  cron: string,
  timeZone: string,
  from: string,
  count: number,
): Promise<string[]> {
  const found: string[] = [];
  const read = await schedule(cron, timeZone);
  for (let atMs = Date.parse(from); found.length < count;) {
    atMs = read.next(atMs)!;
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
    it(what, async () => {
      assert.deepEqual(await times(cron, timeZone, from, expected.length), expected);
    });
  }

  it('knows seconds', async () => {
    assert.equal((await schedule('*/10 * * * * *')).next(1), 10_000);
  });

  it('is none where there is no such time, or no such schedule', async () => {
    assert.equal((await schedule('0 0 30 2 *')).next(0), undefined);
    assert.equal((await schedule('nonsense')).next(0), undefined);
  });
});

describe('decideTime', () => {
  const minutely = { next: (afterMs: number) => (Math.floor(afterMs / 60_000) + 1) * 60_000 };
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
