import assert from 'node:assert/strict';
import type { ProcessModel } from '../../../src/config/model.ts';
import { ObservedEnvironment } from '../../../src/controller/observedEnvironment.ts';
import { criticalChain } from '../../../src/controller/timeline.ts';
import { Triggers } from '../../../src/controller/triggers.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { HandClock } from '../../support/handClock.ts';
import { RecordStore } from '../../../src/store/recordStore.ts';
import {
  environmentModel,
  openTestEnvironment,
  processModel,
  type TestEnvironment,
} from '../../support/testEnvironment.ts';

const stayUp = [process.execPath, '-e', 'setInterval(() => {}, 1000)'] as const;
const end = [process.execPath, '-e', ''] as const;
const schedule = { cron: '*/10 * * * *', timeZone: 'UTC', overlap: 'skip' } as const;

/** Another host at the environment, which looks when it is told to. */
async function observe(
  { stateFolder, folder, environment }: TestEnvironment,
  processes: readonly ProcessModel[],
): Promise<ObservedEnvironment> {
  await environment.flush();
  const model = environmentModel(folder, processes);
  const observed = new ObservedEnvironment(model, stateFolder, 'window 1', new FakeClock());
  await observed.look();
  return observed;
}

describe('An environment that another host owns', () => {
  it('shows when schedules start its processes next', async () => {
    const processes = [processModel('backup', end, { kind: 'task', schedule })];
    const clock = new HandClock();
    await using owner = await openTestEnvironment(processes, {}, (stateFolder) => ({
      companions: [(host) => new Triggers(host, stateFolder, clock)],
    }));
    const observed = await observe(owner, processes);
    assert.equal(observed.process('backup')?.nextScheduledAtMs, undefined);
    const changed: string[] = [];
    observed.onDidChange(({ names }) => changed.push(...names));

    await owner.environment.start(['backup']);
    await owner.until('backup', ({ state }) => state === 'completed');
    await owner.until('backup', ({ nextScheduledAtMs }) => nextScheduledAtMs !== undefined);
    await owner.environment.flush();
    await observed.look();
    assert.equal(
      observed.process('backup')?.nextScheduledAtMs,
      owner.environment.process('backup')?.nextScheduledAtMs,
    );
    assert.ok(changed.includes('backup'));

    await owner.environment.stop();
    await owner.environment.flush();
    await observed.look();
    assert.equal(observed.process('backup')?.nextScheduledAtMs, undefined);
    observed.dispose();
  });

  it('shows its last start, with what decided how long it took', async () => {
    const processes = [
      processModel('db', stayUp),
      processModel('api', stayUp, { dependsOn: [{ name: 'db', condition: 'ready' }] }),
      processModel('seed', end, {
        kind: 'task',
        dependsOn: [{ name: 'api', condition: 'ready' }],
      }),
    ];
    await using owner = await openTestEnvironment(processes);
    const before = await observe(owner, processes);
    assert.deepEqual(before.timelines(), []);
    before.dispose();

    await owner.environment.start();
    const observed = await observe(owner, processes);
    const [timeline, ...more] = observed.timelines();
    assert.ok(timeline !== undefined && more.length === 0);
    assert.notEqual(timeline.endedAtMs, undefined);
    const needsOf = (name: string) => observed.process(name)?.dependsOn ?? [];
    assert.deepEqual(criticalChain(timeline, needsOf), ['db', 'api', 'seed']);
    observed.dispose();
  });

  it('tells of a run that it saw about to be started, once it has a PID', async () => {
    const processes = [processModel('one', stayUp)];
    await using owner = await openTestEnvironment(processes);
    await owner.environment.start();
    await owner.environment.flush();
    const store = new RecordStore({
      folder: owner.stateFolder,
      onWriteError: (message) => assert.fail(message),
    });
    const [record] = (await store.readAll('look')).records;
    assert.ok(record?.pid);
    const { pid, startTime, processGroup, ...intent } = record;
    store.writeSync(intent);
    const observed = await observe(owner, processes);
    const told: string[] = [];
    observed.onDidRun(({ kind, name, run }) => told.push(`${kind} ${name} ${run}`));
    await observed.look();
    assert.deepEqual(told, []);
    store.writeSync({ ...intent, pid, startTime, processGroup });
    await observed.look();
    await observed.look();
    assert.deepEqual(told, ['began one 1']);
    observed.dispose();
  });

  it('looks at each of a thousand processes as often as it is asked for it, and not at all others', async () => {
    let looks = 0;
    const counted = (model: ProcessModel): ProcessModel =>
      Object.defineProperty({ ...model }, 'dependsOn', {
        get: () => {
          looks += 1;
          return model.dependsOn;
        },
      });
    const processes = [...Array(1000).keys()].map((i) =>
      counted(
        processModel(`p${i}`, stayUp, {
          dependsOn: i === 0 ? [] : [{ name: 'p0', condition: 'ready' }],
        }),
      ),
    );
    await using owner = await openTestEnvironment([]);
    const observed = await observe(owner, processes);
    assert.equal(observed.process('p0')?.dependents.length, 999);
    looks = 0;
    for (const { name } of processes) observed.process(name);
    assert.ok(looks < 10 * processes.length, `${looks} looks`);
    looks = 0;
    observed.processes();
    assert.ok(looks < 10 * processes.length, `${looks} looks`);
    observed.dispose();
  });
});
