import assert from 'node:assert/strict';
import type { ProcessSnapshot } from '../../../src/controller/snapshot.ts';
import { pastStart } from '../../../src/controller/pastStart.ts';
import { criticalChain } from '../../../src/controller/timeline.ts';
import { exampleSnapshot } from '../vscode/exampleSnapshot.ts';

const at = 1_700_000_000_000;

function process(
  name: string,
  startedAfterMs: number | undefined,
  readyAfterMs: number | undefined,
  needs: readonly string[] = [],
  more: Partial<ProcessSnapshot> = {},
): ProcessSnapshot {
  return exampleSnapshot({
    name,
    kind: 'service',
    state: readyAfterMs === undefined ? 'starting' : 'running',
    startedAtMs: startedAfterMs === undefined ? undefined : at + startedAfterMs,
    readyAtMs: readyAfterMs === undefined ? undefined : at + readyAfterMs,
    lastExit: undefined,
    dependsOn: needs.map((one) => ({ name: one, condition: 'ready' as const })),
    ...more,
  });
}

describe('pastStart', () => {
  it('finds the chain that decided how long it took', () => {
    const processes = [
      process('db', 0, 900),
      process('cache', 0, 100),
      process('api', 900, 1500, ['db', 'cache']),
      process('docs', 0, 300),
    ];
    const start = pastStart(processes);
    assert.equal(start?.startedAtMs, at);
    assert.equal(start.endedAtMs, at + 1500);
    const needsOf = (name: string) => processes.find((one) => one.name === name)?.dependsOn ?? [];
    assert.deepEqual(criticalChain(start, needsOf), ['db', 'api']);
  });

  it('leaves out what was started long before', () => {
    const start = pastStart([process('old', -600_000, -599_000), process('new', 0, 100)]);
    assert.deepEqual(
      start?.entries.map(({ name }) => name),
      ['new'],
    );
  });

  it('has no end while something waits or starts', () => {
    const start = pastStart([
      process('db', 0, undefined),
      process('api', undefined, undefined, ['db'], { state: 'waiting', sinceMs: at }),
    ]);
    assert.equal(start?.endedAtMs, undefined);
    assert.deepEqual(
      start?.entries.map(({ name, startedAtMs }) => [name, startedAtMs]),
      [
        ['db', at],
        ['api', undefined],
      ],
    );
  });

  it('tells what failed, and counts a task as up when it has done its work', () => {
    const start = pastStart([
      process('work', 0, 10, [], { kind: 'task' }),
      process('crashed', 0, undefined, [], {
        state: 'failed',
        lastExit: { code: 3, signal: undefined, atMs: at + 400 },
      }),
    ]);
    assert.equal(start?.endedAtMs, undefined, 'the task is at work');
    assert.deepEqual(
      start?.entries.map(({ name, upAtMs, downAtMs, hasFailed }) => [
        name,
        upAtMs,
        downAtMs,
        hasFailed,
      ]),
      [
        ['work', undefined, undefined, false],
        ['crashed', undefined, at + 400, true],
      ],
    );
  });

  it('takes a thousand processes in one go', () => {
    const many = [...Array(1000).keys()].map((i) => process(`p${i}`, i, i + 10));
    assert.equal(pastStart(many)?.entries.length, 1000);
  });

  it('is nothing before anything was started', () => {
    assert.equal(pastStart([]), undefined);
    assert.equal(
      pastStart([process('a', undefined, undefined, [], { state: 'stopped' })]),
      undefined,
    );
  });
});
