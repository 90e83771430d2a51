import assert from 'node:assert/strict';
import type { Schedule } from '../../../src/config/model.ts';
import { ScheduleTimes } from '../../../src/triggers/scheduleTimes.ts';
import { type ScheduleMemory, ScheduleTrigger } from '../../../src/triggers/scheduleTrigger.ts';
import { HandClock } from '../../support/handClock.ts';
import { TriggeredStub } from './triggeredStub.ts';

const minute = 60_000;

interface Subject {
  readonly clock: HandClock;
  readonly process: TriggeredStub;
  readonly trigger: ScheduleTrigger;
  readonly memory: ScheduleMemory | undefined;
}

/** Every ten minutes. */
async function subject(
  overlap: Schedule['overlap'],
  process = new TriggeredStub(),
  memory: ScheduleMemory = { nextMs: undefined, isQueued: false },
  clock = new HandClock(),
): Promise<Subject> {
  let kept: ScheduleMemory | undefined;
  const times = await ScheduleTimes.read({ cron: '*/10 * * * *', timeZone: 'UTC', overlap });
  const trigger = new ScheduleTrigger(overlap, times, clock, process, memory, (now) => {
    kept = now;
  });
  return {
    clock,
    process,
    trigger,
    get memory() {
      return kept;
    },
  };
}

describe('A schedule', () => {
  it('says when its next time is, and acts on it', async () => {
    const { clock, process, trigger } = await subject('skip');
    assert.equal(trigger.nextMs, 10 * minute);
    await clock.advance(10 * minute - 1);
    assert.deepEqual(process.asked, []);
    await clock.advance(1);
    assert.deepEqual(process.asked, ['start schedule']);
    assert.equal(trigger.nextMs, 20 * minute);
    await clock.advance(30 * minute);
    assert.equal(process.asked.length, 4);
  });

  it('restarts a service that is up', async () => {
    const { clock, process } = await subject(
      'skip',
      new TriggeredStub({ kind: 'service', state: 'running' }),
    );
    await clock.advance(10 * minute);
    assert.deepEqual(process.asked, ['restart schedule']);
  });

  it('skips a time while the run before is not over, and says so', async () => {
    const { clock, process, trigger } = await subject(
      'skip',
      new TriggeredStub({ state: 'running' }),
    );
    await clock.advance(10 * minute);
    assert.deepEqual(process.asked, []);
    assert.match(trigger.note ?? '', /^skipped at \d\d:\d\d/);
    process.state = { ...process.state, state: 'completed' };
    await clock.advance(10 * minute);
    assert.deepEqual(process.asked, ['start schedule']);
    assert.equal(trigger.note, undefined);
  });

  it('queues one run, however many times come', async () => {
    const { clock, process, trigger } = await subject(
      'queue',
      new TriggeredStub({ state: 'running' }),
    );
    await clock.advance(30 * minute);
    trigger.onStateChange();
    assert.deepEqual(process.asked, []);
    assert.match(trigger.note ?? '', /^queued/);
    process.state = { ...process.state, state: 'completed' };
    trigger.onStateChange();
    trigger.onStateChange();
    assert.deepEqual(process.asked, ['start schedule']);
    assert.equal(trigger.note, undefined);
  });

  it('replaces the run before', async () => {
    const { clock, process } = await subject('replace', new TriggeredStub({ state: 'running' }));
    await clock.advance(10 * minute);
    assert.deepEqual(process.asked, ['restart schedule']);
  });

  it('leaves out what was missed, says so, and goes on with the next time', async () => {
    const clock = new HandClock();
    await clock.advance(35 * minute);
    const memory = { nextMs: 10 * minute, isQueued: false };
    const { process, trigger } = await subject('skip', new TriggeredStub(), memory, clock);
    assert.match(trigger.note ?? '', /^missed 3 times until/);
    assert.equal(trigger.nextMs, 40 * minute);
    await clock.advance(5 * minute);
    assert.deepEqual(process.asked, ['start schedule']);
  });

  it('hands what is queued on to the next host', async () => {
    const first = await subject('queue', new TriggeredStub({ state: 'running' }));
    await first.clock.advance(11 * minute);
    first.trigger.dispose();
    assert.deepEqual(first.memory, { nextMs: 20 * minute, isQueued: true });
    const next = await subject('queue', first.process, first.memory, first.clock);
    next.process.state = { ...next.process.state, state: 'completed' };
    next.trigger.onStateChange();
    assert.deepEqual(next.process.asked, ['start schedule']);
  });

  it('does nothing once it is disposed', async () => {
    const { clock, process, trigger } = await subject('skip');
    trigger.dispose();
    await clock.advance(60 * minute);
    assert.deepEqual(process.asked, []);
  });
});
