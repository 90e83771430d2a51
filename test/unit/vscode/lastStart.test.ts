import assert from 'node:assert/strict';
import type { ProcessSnapshot } from '../../../src/controller/snapshot.ts';
import { lastStart } from '../../../src/vscode/dashboard/lastStart.ts';
import { exampleSnapshot } from './exampleSnapshot.ts';

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

describe('lastStart', () => {
  it('finds the chain that decided how long it took', () => {
    const start = lastStart([
      process('db', 0, 900),
      process('cache', 0, 100),
      process('api', 900, 1500, ['db', 'cache']),
      process('docs', 0, 300),
    ]);
    assert.equal(start?.startedAtMs, at);
    assert.equal(start.endedAtMs, at + 1500);
    const critical = start.bars.filter(({ isCritical }) => isCritical).map(({ name }) => name);
    assert.deepEqual(critical.toSorted(), ['api', 'db']);
  });

  it('leaves out what was started long before', () => {
    const start = lastStart([process('old', -600_000, -599_000), process('new', 0, 100)]);
    assert.deepEqual(
      start?.bars.map(({ name }) => name),
      ['new'],
    );
  });

  it('has no end while something waits or starts', () => {
    const start = lastStart([
      process('db', 0, undefined),
      process('api', undefined, undefined, ['db'], { state: 'waiting', sinceMs: at }),
    ]);
    assert.equal(start?.endedAtMs, undefined);
    assert.deepEqual(
      start?.bars.map(({ name, startedAtMs }) => [name, startedAtMs]),
      [
        ['db', at],
        ['api', undefined],
      ],
    );
  });

  it('is nothing before anything was started', () => {
    assert.equal(lastStart([]), undefined);
    assert.equal(
      lastStart([process('a', undefined, undefined, [], { state: 'stopped' })]),
      undefined,
    );
  });
});
