import assert from 'node:assert/strict';
import { Emitter } from '../../../src/base/emitter.ts';
import type { EnvironmentChange } from '../../../src/controller/snapshot.ts';
import type { InFolder } from '../../../src/vscode/environments.ts';
import {
  DashboardFeed,
  rowTimes,
  timelineTimes,
} from '../../../src/vscode/dashboard/dashboardFeed.ts';
import type { MakeRow } from '../../../src/vscode/dashboard/feedRows.ts';
import { rowId } from '../../../src/vscode/dashboard/rowId.ts';
import type { FolderEnvironment } from '../../../src/vscode/folderEnvironment.ts';
import type { HostMessage } from '../../../src/webview/messages.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import {
  environmentModel,
  openTestEnvironment,
  processModel,
  type TestEnvironment,
} from '../../support/testEnvironment.ts';

const stayUp = [process.execPath, '-e', 'setInterval(() => {}, 1000)'] as const;
const needsDb = { dependsOn: [{ name: 'db', condition: 'ready' as const }] };
const processes = [
  processModel('db', stayUp),
  processModel('api', stayUp, needsDb),
  processModel('worker', stayUp, needsDb),
  processModel('docs', stayUp),
  processModel('web', stayUp),
];

/** Without the words of the editor. */
const makeRow: MakeRow = (environment, { name, state, dependsOn }, stateOf) => ({
  id: rowId(environment, name),
  folder: 'f',
  name,
  kind: 'service',
  state,
  stateWord: state,
  detail: '',
  isUnhealthy: false,
  port: undefined,
  url: undefined,
  actions: [],
  dependsOn: dependsOn.map((one) => ({
    id: rowId(environment, one.name),
    condition: one.condition,
    isMet: stateOf(one.name) === 'running',
  })),
});

interface Told {
  readonly clock: FakeClock;
  readonly feed: DashboardFeed;
  /** What was told since this was asked last. */
  readonly take: () => HostMessage[];
}

/** A feed of a real environment, whose time is turned by hand. */
function follow({ environment }: TestEnvironment): Told {
  const clock = new FakeClock();
  const changes = new Emitter<InFolder<EnvironmentChange>>();
  const folder = {
    controller: environment,
    owner: undefined,
    folder: { name: 'f', uri: 'file:///f' },
  } as unknown as FolderEnvironment;
  environment.onDidChange((event) => changes.fire({ environment: folder, event }));
  const told: HostMessage[] = [];
  const feed = new DashboardFeed(
    {
      environments: {
        live: () => [folder],
        onDidChange: changes.event,
        onDidChangeStatus: new Emitter<FolderEnvironment | undefined>().event,
      },
      events: { count: 0, since: () => [] },
      usage: {
        watch: () => ({ dispose: () => undefined }),
        onDidMeasure: new Emitter<FolderEnvironment>().event,
      },
      clock,
      makeRow,
      detailsOf: () => Promise.resolve({ why: [], facts: [], output: [] }),
    },
    (message) => told.push(message),
  );
  return { clock, feed, take: () => told.splice(0) };
}

function names(message: HostMessage | undefined): string[] {
  assert.equal(message?.kind, 'rows');
  return message.rows.map(({ name }) => name);
}

describe('what the dashboard is told', () => {
  it('is everything once, and then only the process that has changed, before all else', async () => {
    await using subject = await openTestEnvironment(processes);
    const { clock, feed, take } = follow(subject);
    const [everything, ...more] = take();
    assert.ok(everything?.kind === 'everything' && more.length === 0);
    assert.equal(everything.rows.length, processes.length);

    await subject.environment.start(['docs']);
    assert.deepEqual(take(), [], 'not before its time');
    await clock.advance(rowTimes.firstMs);
    const [rows, ...after] = take();
    assert.deepEqual(names(rows), ['docs']);
    assert.deepEqual(after, []);
    await clock.advance(timelineTimes.firstMs);
    assert.deepEqual(
      take().map(({ kind }) => kind),
      ['timelines'],
    );

    subject.environment.announce('docs');
    await Promise.resolve();
    await clock.advance(1000);
    assert.deepEqual(take(), [], 'nothing that is shown has changed');
    feed.dispose();
  });

  it('is one message for all that changes in a batch', async () => {
    await using subject = await openTestEnvironment(processes);
    const { clock, feed, take } = follow(subject);
    await subject.environment.start(['docs']);
    await clock.advance(rowTimes.firstMs);
    take();
    let changes = 0;
    subject.environment.onDidChange(() => (changes += 1));
    await subject.environment.start();
    assert.ok(changes > 1, 'it was more than one change');
    assert.deepEqual(take(), [], 'it waits for the end of the batch');
    await clock.advance(rowTimes.everyMs);
    const rows = take().filter(({ kind }) => kind === 'rows');
    assert.equal(rows.length, 1);
    assert.deepEqual(names(rows[0]).toSorted(), ['api', 'db', 'web', 'worker']);
    feed.dispose();
  });

  it('has those that need a process when what they wait for is different, and not otherwise', async () => {
    await using subject = await openTestEnvironment(processes);
    const { clock, feed, take } = follow(subject);
    const tell = async (): Promise<string[]> => {
      await clock.advance(rowTimes.everyMs);
      return take()
        .filter(({ kind }) => kind === 'rows')
        .flatMap(names);
    };
    await subject.environment.start(['db']);
    assert.deepEqual((await tell()).toSorted(), ['api', 'db', 'worker']);
    await subject.environment.start(['api']);
    assert.deepEqual(await tell(), ['api']);
    feed.dispose();
  });

  it('is everything anew when other processes are there', async () => {
    await using subject = await openTestEnvironment(processes);
    const { clock, feed, take } = follow(subject);
    take();
    const more = [...processes, processModel('x', stayUp)];
    subject.environment.setModel(environmentModel(subject.folder, more));
    await Promise.resolve();
    await clock.advance(rowTimes.firstMs);
    const [everything, ...after] = take();
    assert.ok(everything?.kind === 'everything' && after.length === 0);
    assert.equal(everything.rows.at(-1)?.name, 'x');
    feed.dispose();
  });
});
