import assert from 'node:assert/strict';
import { explainedBy, summarize } from '../../../src/controller/explain.ts';
import type { ProcessSnapshot } from '../../../src/controller/snapshot.ts';
import { criticalChain } from '../../../src/controller/timeline.ts';
import { openTestEnvironment, processModel } from '../../support/testEnvironment.ts';
import { exampleSnapshot } from '../vscode/exampleSnapshot.ts';

const stayUp = [process.execPath, '-e', 'setInterval(() => {}, 1000)'] as const;

/** 10:02:11 wherever the test runs. */
const atMs = new Date(2026, 0, 5, 10, 2, 11).getTime();

describe('summarize', () => {
  const table: [more: Partial<ProcessSnapshot>, words: string][] = [
    [{ state: 'stopped', sinceMs: undefined, reason: undefined }, 'was not started yet'],
    [{ state: 'stopped', reason: 'by you' }, 'stopped at 10:02:11 by you'],
    [{ state: 'stopped', reason: 'because of db' }, 'stopped at 10:02:11 because of db'],
    [
      { state: 'waiting', reason: 'waiting for db: connection refused (9 tries)' },
      'waiting for db: connection refused (9 tries), for 4 s',
    ],
    [{ state: 'starting', reason: 'not ready: HTTP 503' }, 'starting for 4 s, not ready: HTTP 503'],
    [
      { state: 'running', reason: undefined, startedAtMs: atMs - 1_200, readyAtMs: atMs },
      'running since 10:02:11, ready after 1.2 s',
    ],
    [
      { state: 'failed', failure: 'exited', reason: 'exit code 1, 5 times in 31 s' },
      'failed at 10:02:11: exit code 1, 5 times in 31 s',
    ],
    [
      {
        state: 'failed',
        failure: 'crash-loop',
        reason: 'crash loop: exit code 1, 5 times in 31 s',
        breakerOpenUntilMs: atMs + 300_000,
      },
      'failed at 10:02:11: crash loop: exit code 1, 5 times in 31 s; not started again until 10:07:11',
    ],
    [
      { state: 'backoff', reason: 'exit code 1', nextStartAtMs: atMs + 8_000 },
      'ended at 10:02:11: exit code 1; is started again at 10:02:19',
    ],
    [
      { state: 'completed', kind: 'task', reason: undefined, nextScheduledAtMs: atMs + 60_000 },
      'completed at 10:02:11; next by its schedule at 10:03:11',
    ],
  ];
  for (const [more, words] of table) {
    it(words, () => {
      assert.equal(summarize(exampleSnapshot({ sinceMs: atMs, ...more }), atMs + 4_000), words);
    });
  }
});

describe('explainedBy', () => {
  it('follows what is waited for to where it begins', () => {
    const waiting = (name: string, ...needs: string[]): ProcessSnapshot =>
      exampleSnapshot({
        name,
        state: 'waiting',
        dependsOn: needs.map((other) => ({ name: other, condition: 'ready' })),
      });
    const all = [
      waiting('web', 'api', 'cache'),
      waiting('api', 'db'),
      exampleSnapshot({ name: 'db', state: 'starting', dependsOn: [] }),
      exampleSnapshot({ name: 'cache', state: 'running', dependsOn: [] }),
    ];
    const found = explainedBy(all[0]!, (name) => all.find((one) => one.name === name));
    assert.deepEqual(
      found.map(({ name }) => name),
      ['api', 'db'],
    );
  });
});

describe('An environment', () => {
  it('explains a failure with what happened and the last lines of output', async () => {
    const script = 'console.log("no database"); console.error("giving up"); process.exit(3)';
    const broken = processModel('broken', [process.execPath, '-e', script]);
    const api = processModel('api', stayUp, {
      dependsOn: [{ name: 'broken', condition: 'completed' }],
    });
    await using subject = await openTestEnvironment([broken, api]);
    const { environment } = subject;
    await environment.start();
    const explanation = await environment.explain('broken');
    assert.match(explanation?.summary ?? '', /^failed at \d\d:\d\d:\d\d: exit code 3/);
    assert.deepEqual(explanation?.output, ['no database', 'giving up']);
    const states = explanation.history.map(({ state }) => state);
    assert.deepEqual([states[0], states.at(-1)], ['waiting', 'failed']);
    const because = (await environment.explain('api'))?.because;
    assert.deepEqual(
      because?.map(({ name }) => name),
      ['broken'],
    );
    assert.equal(await environment.explain('unknown'), undefined);
  });

  it('knows what a start took, and what decided that', async () => {
    const task = processModel('task', [process.execPath, '-e', 'setTimeout(() => {}, 200)'], {
      kind: 'task',
    });
    const web = processModel('web', stayUp, {
      dependsOn: [
        { name: 'task', condition: 'completed' },
        { name: 'db', condition: 'started' },
      ],
    });
    await using subject = await openTestEnvironment([processModel('db', stayUp), task, web]);
    const { environment } = subject;
    await environment.start();
    await subject.until('web', ({ state }) => state === 'running');
    const [timeline] = environment.timelines();
    assert(timeline !== undefined);
    assert.equal(timeline.by, 'you');
    const up = timeline.entries.filter(({ upAtMs }) => upAtMs !== undefined);
    assert.deepEqual(up.map(({ name }) => name).sort(), ['db', 'task', 'web']);
    assert.notEqual(timeline.endedAtMs, undefined);
    const chain = criticalChain(timeline, (name) => environment.process(name)?.dependsOn ?? []);
    assert.deepEqual(chain, ['task', 'web']);
    await environment.start();
    assert.equal(environment.timelines().length, 1);
  });
});
