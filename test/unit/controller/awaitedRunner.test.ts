import assert from 'node:assert/strict';
import type { Disposable } from '../../../src/base/disposable.ts';
import { awaitedRunner, type RunnerUser } from '../../../src/controller/awaitedRunner.ts';
import { runners } from '../../../src/process/runners/runnerRegistry.ts';
import { openTestEnvironment, processModel } from '../../support/testEnvironment.ts';

const cause = { kind: 'requested', by: 'you', through: undefined } as const;
const starting = { name: 'starting', cause, isSpawned: false } as const;
const registry = { names: ['node', 'python'], isAwaited: (name: string) => name !== 'node' };

function user(runner: string | undefined, more: Partial<RunnerUser> = {}): RunnerUser {
  return {
    definition: { runner: runner === undefined ? undefined : { name: runner, options: {} } },
    status: { state: starting },
    isWatched: false,
    ...more,
  };
}

const waits = (name: string): string =>
  `waits for the runner "${name}", which another extension may be about to add`;

describe('What a start says of its runner', () => {
  const spawned = { status: { state: { ...starting, isSpawned: true } } };
  const table: [title: string, process: RunnerUser, words: string | undefined][] = [
    ['nothing without one', user(undefined), undefined],
    ['nothing of one that is there', user('node'), undefined],
    ['what it waits for', user('deno-deploy'), waits('deno-deploy')],
    ['what was probably meant', user('pyhton'), `${waits('pyhton')}. Did you mean "python"?`],
    ['nothing once there is a program', user('pyhton', spawned), undefined],
    ['nothing where another host starts it', user('pyhton', { isWatched: true }), undefined],
  ];
  for (const [title, process, words] of table) {
    it(title, () => assert.equal(awaitedRunner(process, registry), words));
  }

  it('is its reason from the first moment, and no more when the runner has come', async () => {
    const runner = { name: 'nod', options: {} };
    await using test = await openTestEnvironment([processModel('api', '', { runner })]);
    let added: Disposable | undefined;
    // Long enough that only the runner can end it.
    runners.expectMore(600_000);
    try {
      void test.environment.start();
      const waiting = await test.until('api', ({ state }) => state === 'starting');
      assert.equal(waiting.reason, `${waits('nod')}. Did you mean "node"?`);
      const runner = { resolve: () => ({ command: 'exec sleep 600' }) };
      added = runners.register('nod', runner);
      const running = await test.until('api', ({ state }) => state === 'running');
      assert.equal(running.reason, undefined);
    } finally {
      added?.dispose();
      runners.expectMore(0);
    }
  });
});
