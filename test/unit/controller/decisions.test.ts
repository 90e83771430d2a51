import assert from 'node:assert/strict';
import type { DependencyCondition, RestartPolicy } from '../../../src/config/model.ts';
import { dependencyStatus, dependencyVerdict } from '../../../src/controller/dependencyStatus.ts';
import { describeStatus } from '../../../src/controller/describe.ts';
import { outcomeOf } from '../../../src/controller/operation.ts';
import { nextDelay } from '../../../src/controller/restartPolicy.ts';
import {
  type Afterwards,
  type Cause,
  initialStatus,
  type ProcessState,
} from '../../../src/controller/state.ts';
import { commandLine } from '../../../src/controller/takeSnapshot.ts';

const cause: Cause = { kind: 'requested', by: 'you', through: undefined };
const exitCause: Cause = {
  kind: 'exited',
  exit: { code: 1, signal: undefined, atMs: 0 },
  wasReady: true,
};
const stopping = (then: Afterwards): ProcessState => ({
  name: 'stopping',
  phase: 'terminating',
  isSpawned: true,
  then,
});
const states = {
  stopped: { name: 'stopped' },
  waiting: { name: 'waiting', cause, ignoresDependencies: false },
  spawning: { name: 'starting', cause, isSpawned: false },
  starting: { name: 'starting', cause, isSpawned: true },
  running: { name: 'running' },
  stopping: stopping({ kind: 'stopped', cause }),
  restarting: stopping({ kind: 'start', cause }),
  backoff: { name: 'backoff', delayMs: 1, cause },
  completed: { name: 'completed', cause },
  failed: { name: 'failed', failure: { code: 'exited', cause: exitCause, restarts: 0 } },
} satisfies Record<string, ProcessState>;

describe('dependencyStatus', () => {
  const table: Record<DependencyCondition, Record<keyof typeof states, string>> = {
    started: {
      stopped: 'impossible',
      waiting: 'pending',
      spawning: 'pending',
      starting: 'met',
      running: 'met',
      stopping: 'pending',
      restarting: 'pending',
      backoff: 'pending',
      completed: 'met',
      failed: 'impossible',
    },
    ready: {
      stopped: 'impossible',
      waiting: 'pending',
      spawning: 'pending',
      starting: 'pending',
      running: 'met',
      stopping: 'pending',
      restarting: 'pending',
      backoff: 'pending',
      completed: 'met',
      failed: 'impossible',
    },
    completed: {
      stopped: 'impossible',
      waiting: 'pending',
      spawning: 'pending',
      starting: 'pending',
      running: 'pending',
      stopping: 'pending',
      restarting: 'pending',
      backoff: 'pending',
      completed: 'met',
      failed: 'impossible',
    },
  };
  for (const [condition, row] of Object.entries(table)) {
    it(condition, () => {
      for (const [name, expected] of Object.entries(row)) {
        const state = states[name as keyof typeof states];
        assert.equal(dependencyStatus(condition as DependencyCondition, state), expected, name);
      }
    });
  }

  it('one dependency that is impossible decides, and says why', () => {
    const verdict = dependencyVerdict(
      [
        { name: 'a', condition: 'ready' },
        { name: 'b', condition: 'ready' },
      ],
      (name) => ({
        state: name === 'a' ? states.waiting : states.failed,
        reason: () => 'exit code 1',
      }),
    );
    assert.deepEqual(verdict, { kind: 'impossible', name: 'b', why: 'it failed (exit code 1)' });
  });

  it('names the root of a chain of failures', () => {
    const failed: ProcessState = {
      name: 'failed',
      failure: {
        code: 'dependency-failed',
        cause: { kind: 'dependency-failed', name: 'root', why: 'it failed (exit code 1)' },
        restarts: 0,
      },
    };
    const look = () => ({ state: failed, reason: () => 'needs root: it failed (exit code 1)' });
    assert.deepEqual(dependencyVerdict([{ name: 'link', condition: 'ready' }], look), {
      kind: 'impossible',
      name: 'root',
      why: 'it failed (exit code 1)',
    });
  });
});

describe('nextDelay', () => {
  const policy: RestartPolicy = {
    policy: 'always',
    maxRetries: undefined,
    delayMs: 1_000,
    backoff: 2,
    maxDelayMs: 60_000,
    windowMs: 300_000,
    jitter: 0,
    breaker: undefined,
  };
  const table: [restarts: number, delayMs: number][] = [
    [0, 1_000],
    [1, 2_000],
    [2, 4_000],
    [5, 32_000],
    [6, 60_000],
    [2_000, 60_000],
  ];
  for (const [restarts, delayMs] of table) {
    it(`after ${restarts} restarts: ${delayMs} ms`, () => {
      assert.equal(nextDelay(policy, restarts, 0.5), delayMs);
    });
  }
});

describe('outcomeOf', () => {
  it('a start is done when a service runs, and a task only when it has completed', () => {
    assert.equal(outcomeOf('up', 'service', states.running), 'succeeded');
    assert.equal(outcomeOf('up', 'task', states.running), 'pending');
    assert.equal(outcomeOf('up', 'task', states.completed), 'succeeded');
  });
  it('a start that a stop overtook is cancelled, one that failed has failed', () => {
    assert.equal(outcomeOf('up', 'service', { name: 'stopped', cause }), 'cancelled');
    assert.equal(outcomeOf('up', 'service', { name: 'stopped', cause: exitCause }), 'failed');
    assert.equal(outcomeOf('up', 'service', states.failed), 'failed');
  });
  it('a stop is done when nothing is left', () => {
    assert.equal(outcomeOf('down', 'service', states.stopping), 'pending');
    assert.equal(outcomeOf('down', 'service', states.stopped), 'succeeded');
    const survived: ProcessState = {
      name: 'failed',
      failure: { code: 'not-stopped', cause: { kind: 'not-stopped', pids: [7] }, restarts: 0 },
    };
    assert.equal(outcomeOf('down', 'service', survived), 'failed');
  });
});

describe('describeStatus', () => {
  const nothing = { pending: [], probe: undefined, heldBy: [] };
  const words = (state: ProcessState, context: Partial<typeof nothing> = {}): string | undefined =>
    describeStatus({ ...initialStatus, state }, { ...nothing, ...context });

  it('says what a process waits for, and why that is not there', () => {
    const context = {
      ...nothing,
      pending: [{ name: 'db', reason: () => 'not ready: connection refused on 127.0.0.1:6379' }],
    };
    assert.equal(
      describeStatus({ ...initialStatus, state: states.waiting }, context),
      'waiting for db: not ready: connection refused on 127.0.0.1:6379',
    );
  });
  it('asks for no reason of one of many', () => {
    const reason = (): never => assert.fail('nobody is told');
    const pending = ['db', 'cache'].map((name) => ({ name, reason }));
    assert.equal(
      describeStatus({ ...initialStatus, state: states.waiting }, { ...nothing, pending }),
      'waiting for db, cache',
    );
  });
  it('says why a process failed', () => {
    const failure = { code: 'exited', cause: exitCause, restarts: 3 } as const;
    assert.equal(words({ name: 'failed', failure }), 'exit code 1, after 3 restarts');
    assert.equal(words(states.failed), 'exit code 1');
  });
  it('says what a shell means by its exit codes', () => {
    const exit = { code: 127, signal: undefined, atMs: 0 };
    const state: ProcessState = {
      name: 'failed',
      failure: { code: 'exited', cause: { kind: 'exited', exit, wasReady: false }, restarts: 0 },
    };
    assert.equal(words(state), 'exit code 127 (command not found) before it was ready');
  });
  it('has nothing to add to a process that runs', () => {
    assert.equal(words(states.running), undefined);
  });
});

describe('commandLine', () => {
  it('quotes what a reader would stumble over', () => {
    assert.equal(commandLine(['node', '-e', 'console.log(1)']), 'node -e "console.log(1)"');
    assert.equal(commandLine('npm run dev'), 'npm run dev');
  });
});
