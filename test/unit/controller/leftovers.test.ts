import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import {
  findLeftovers,
  findRunOf,
  type FoundRun,
  ownLineage,
  standingOf,
  stopFoundRun,
} from '../../../src/controller/leftovers.ts';
import type { ParsedRecord, RunRecord } from '../../../src/store/runRecord.ts';
import { openTestEnvironment, processModel, program } from '../../support/testEnvironment.ts';
import { Stage, startedHost } from '../../support/stage.ts';
import { until } from '../../support/until.ts';
import { onlyOnLinux } from '../../support/skip.ts';

const record = (more: Partial<RunRecord>): Partial<ParsedRecord> => ({
  record: {
    environment: 'shop-1',
    name: 'db',
    kind: 'service',
    definitionHash: '',
    run: 1,
    dependsOn: [],
    stop: { signal: 'SIGTERM', timeoutMs: 1 },
    ports: [],
    state: 'running',
    sinceMs: 0,
    bootedAtMs: 0,
    restarts: 0,
    lastExits: [],
    ...more,
  },
});

describe('standingOf', () => {
  const table: readonly [string, Partial<ParsedRecord>, boolean, string][] = [
    ['named, with an owner', record({ runId: 'this' }), true, 'attended'],
    [
      'ended a moment ago, with an owner',
      record({ runId: 'this', state: 'stopped' }),
      true,
      'attended',
    ],
    ['named, without an owner', record({ runId: 'this' }), false, 'unattended'],
    [
      'not killed, without an owner',
      record({ runId: 'this', state: 'failed', pid: 9 }),
      false,
      'unattended',
    ],
    [
      'left behind by a run that ended',
      record({ runId: 'this', state: 'completed' }),
      false,
      'lost',
    ],
    ['replaced by a later run, with an owner', record({ runId: 'later' }), true, 'lost'],
    ['replaced by a later run', record({ runId: 'later' }), false, 'lost'],
    ['without a record', {}, false, 'lost'],
    ['without a record, with an owner', {}, true, 'lost'],
    ['of a newer version', { fault: 'newer-version' }, false, 'unattended'],
    ['with a damaged record', { fault: 'corrupt' }, false, 'lost'],
    ['with a damaged record and an owner', { fault: 'corrupt' }, true, 'attended'],
  ];
  for (const [title, parsed, hasOwner, standing] of table) {
    it(`knows a run ${title}`, () => {
      assert.equal(standingOf('this', parsed, hasOwner), standing);
    });
  }
});

describe('left-over runs', function () {
  before(function () {
    onlyOnLinux(this);
  });

  const processes = [processModel('db', 'sleep 600 & sleep 600'), processModel('api', 'sleep 600')];

  /** Those of one environment: the machine may have others. */
  const ofStage = async ({ stateFolder }: Pick<Stage, 'stateFolder'>): Promise<FoundRun[]> =>
    ((await findLeftovers()) ?? [])
      .filter((run) => run.stateFolder === stateFolder.path)
      .toSorted((a, b) => (a.processName! < b.processName! ? -1 : 1));

  it('are none while a host runs the environment, and are those of a closed window after', async () => {
    await using stage = await Stage.set(() => processes);
    const host = await startedHost(stage);
    await host.until((h) => h.processes.every(({ state }) => state === 'running'));
    await stage.recorded(host);
    assert.deepEqual(await ofStage(stage), []);
    await host.kill();
    const found = await ofStage(stage);
    assert.deepEqual(
      found.map(({ processName, standing, folder }) => [processName, standing, folder]),
      [
        ['api', 'unattended', stage.folder],
        ['db', 'unattended', stage.folder],
      ],
    );
    assert.match(found[0]!.command!, /sleep 600/);
  });

  it('are lost when no record names them, and can be stopped as a whole', async () => {
    await using stage = await Stage.set(() => processes);
    const host = await startedHost(stage);
    await host.until((h) => h.processes.every(({ state }) => state === 'running'));
    await stage.recorded(host);
    await host.kill();
    await rm(stage.stateFolder.recordPath('db'));
    const [api, db] = await ofStage(stage);
    assert.equal(api!.standing, 'unattended');
    assert.equal(db!.standing, 'lost');
    assert.ok(db!.pids.length >= 2, String(db!.pids));
    assert.deepEqual((await stopFoundRun(db!)).survivors, []);
    assert.deepEqual(
      (await ofStage(stage)).map(({ processName }) => processName),
      ['api'],
    );
  });

  it('are told apart by the PID of a member', async () => {
    await using test = await openTestEnvironment([
      processModel('daemon', [process.execPath, program('ignoreTerm.mjs')]),
    ]);
    await test.environment.start();
    const { pid } = test.environment.process('daemon')!;
    // No host has the lock of this environment, as after a crash.
    const run = await until('the record', async () => {
      const found = await findRunOf(pid!);
      return found?.standing === 'unattended' && found;
    });
    assert.deepEqual([run.processName, run.folder, run.pids], ['daemon', test.folder, [pid]]);
    assert.equal(await findRunOf(process.pid), undefined);
  });

  it('are never taken to be this process or those it descends from', async () => {
    const lineage = await ownLineage();
    assert.ok(lineage.has(process.pid) && lineage.has(process.ppid));
  });
});
