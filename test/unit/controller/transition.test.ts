import assert from 'node:assert/strict';
import type { RestartPolicy } from '../../../src/config/model.ts';
import type { RequestedBy } from '../../../src/controller/snapshot.ts';
import {
  initialStatus,
  type ProcessEvent,
  type ProcessState,
  type ProcessStatus,
  type TransitionContext,
} from '../../../src/controller/state.ts';
import { transition } from '../../../src/controller/transition.ts';

const restart: RestartPolicy = {
  policy: 'on-failure',
  maxRetries: 2,
  delayMs: 100,
  backoff: 2,
  maxDelayMs: 10_000,
  windowMs: 60_000,
  jitter: 0,
  breaker: undefined,
};
const service: TransitionContext = {
  kind: 'service',
  restart,
  successExitCodes: [0],
  onUnhealthy: 'restart',
  random: 0.5,
  nowMs: 1_000,
  nextRun: 1,
};
const task: TransitionContext = { ...service, kind: 'task' };
const requested = { kind: 'requested', by: 'you', through: undefined } as const;

/** Leads a process through events; fails the test when one of them is refused. */
function after(events: readonly ProcessEvent[], context = service, from = initialStatus) {
  let status: ProcessStatus = from;
  let effects: readonly string[] = [];
  for (const event of events) {
    const result = transition(status, event, { ...context, nextRun: status.run + 1 });
    assert.ok(result, `${event.kind} is refused in ${status.state.name}`);
    status = result.status;
    effects = result.effects.map((effect) => effect.kind);
  }
  return { status, state: status.state, effects };
}

const start: ProcessEvent = { kind: 'start', by: 'you' };
const restartIt: ProcessEvent = { kind: 'restart', by: 'you', isHeld: false };
const stop: ProcessEvent = { kind: 'stop', by: 'you', isHeld: false };
const heldStop: ProcessEvent = { ...stop, isHeld: true };
const again: ProcessEvent = { kind: 'restart', by: 'you', isHeld: false };
const met: ProcessEvent = { kind: 'dependencies-met' };
const spawned: ProcessEvent = { kind: 'spawned', run: 1 };
const ready: ProcessEvent = { kind: 'ready', run: 1 };
const gone: ProcessEvent = { kind: 'gone', run: 1, survivors: [] };
const exit = (code: number): ProcessEvent => ({
  kind: 'exited',
  run: 1,
  exit: { code, signal: undefined, atMs: 1_000 },
});
const toRunning = [start, met, spawned, ready];

const healthy: ProcessEvent = { kind: 'health', run: 1, verdict: 'healthy', seen: '' };
const unhealthy: ProcessEvent = { ...healthy, verdict: 'unhealthy', seen: 'HTTP 503' };
const overLimit: ProcessEvent = {
  kind: 'give-up',
  run: 1,
  code: 'limit-exceeded',
  why: 'memory',
  action: 'stop',
};
const endsRun = ['end-watching', 'terminate'];
const watches = ['end-watching', 'watch-health'];

describe('transition', () => {
  const table: [title: string, events: ProcessEvent[], state: string, effects: string[]][] = [
    ['a start waits for the dependencies', [start], 'waiting', []],
    ['met dependencies spawn', [start, met], 'starting', ['spawn']],
    ['a spawned service is probed', [start, met, spawned], 'starting', ['watch-readiness']],
    ['a ready service runs', toRunning, 'running', ['end-watching', 'watch-health']],
    ['an unhealthy service is ended', [...toRunning, unhealthy], 'stopping', endsRun],
    ['and is started again', [...toRunning, unhealthy, gone], 'backoff', ['schedule-restart']],
    ['a well one is left alone', [...toRunning, healthy], 'running', []],
    ['a limit ends it', [...toRunning, overLimit], 'stopping', endsRun],
    ['a service has no time limit of its own', [start, met, spawned, ready], 'running', watches],
    ['a stop signals', [...toRunning, stop], 'stopping', ['end-watching', 'terminate']],
    ['a held stop does not signal', [...toRunning, heldStop], 'stopping', ['end-watching']],
    ['its release does', [...toRunning, heldStop, { kind: 'release' }], 'stopping', ['terminate']],
    ['stopped once all is gone', [...toRunning, stop, exit(143), gone], 'stopped', []],
    ['a crash sweeps first', [...toRunning, exit(1)], 'stopping', ['end-watching', 'sweep']],
    ['then backs off', [...toRunning, exit(1), gone], 'backoff', ['schedule-restart']],
    [
      'and starts with its conditions',
      [...toRunning, exit(1), gone, { kind: 'backoff-over' }],
      'waiting',
      [],
    ],
    ['a clean end of a service is a stop', [...toRunning, exit(0), gone], 'stopped', []],
    [
      'a stop during the sweep of a crash wins over the restart',
      [...toRunning, exit(1), stop, gone],
      'stopped',
      [],
    ],
    [
      'a stop during back-off ends it',
      [...toRunning, exit(1), gone, stop],
      'stopped',
      ['cancel-restart'],
    ],
    [
      'a start during back-off does not wait',
      [...toRunning, exit(1), gone, start],
      'waiting',
      ['cancel-restart'],
    ],
    ['a start during a stop follows it', [...toRunning, stop, start, gone], 'waiting', []],
    ['a stop after that start wins', [...toRunning, stop, start, stop, gone], 'stopped', []],
    ['a restart stops first', [...toRunning, again], 'stopping', ['end-watching', 'terminate']],
    ['then waits for its dependencies', [...toRunning, again, gone], 'waiting', []],
    [
      'a stop before the program exists signals once it does',
      [start, met, stop, spawned],
      'stopping',
      ['terminate'],
    ],
    [
      'a stop before the program exists ends when it cannot be started',
      [start, met, stop, { kind: 'spawn-failed', run: 1, message: 'no' }],
      'stopped',
      [],
    ],
    ['a stop while waiting is at once', [start, stop], 'stopped', []],
    [
      'an end while the stop is held is swept',
      [...toRunning, heldStop, exit(1)],
      'stopping',
      ['sweep'],
    ],
    ['and does not restart', [...toRunning, heldStop, exit(1), gone], 'stopped', []],
    ['force kills at once', [...toRunning, stop, { kind: 'force' }], 'stopping', ['kill']],
    [
      'force does not wait for dependents either',
      [...toRunning, heldStop, { kind: 'force' }],
      'stopping',
      ['terminate', 'kill'],
    ],
    [
      'what survives a stop makes it fail',
      [...toRunning, stop, { ...gone, survivors: [7] }],
      'failed',
      [],
    ],
    [
      'what survives a restart is not doubled, but stopped again by the next start',
      [...toRunning, again, { ...gone, survivors: [7] }, start],
      'stopping',
      ['terminate'],
    ],
    [
      'too slow a start is ended',
      [start, met, spawned, { kind: 'startup-timeout', run: 1, timeoutMs: 5, seen: 'refused' }],
      'stopping',
      ['end-watching', 'terminate'],
    ],
  ];
  for (const [title, events, state, effects] of table) {
    it(title, () => {
      const result = after(events);
      assert.equal(result.state.name, state);
      assert.deepEqual(result.effects, effects);
    });
  }

  it('completes a task that ended well, whatever its policy', () => {
    for (const policy of ['never', 'on-failure', 'always'] as const) {
      const context = { ...task, restart: { ...restart, policy } };
      assert.equal(after([start, met, spawned, exit(0), gone], context).state.name, 'completed');
    }
  });

  it('starts a service again that ended well, if its policy says always', () => {
    for (const policy of ['always', 'unless-stopped'] as const) {
      const context = { ...service, restart: { ...restart, policy } };
      assert.equal(after([...toRunning, exit(0), gone], context).state.name, 'backoff');
    }
  });

  it('gives up after max_retries, and says how often it tried', () => {
    let { status } = after([...toRunning]);
    for (const attempt of [1, 2, 3]) {
      const run = { run: attempt };
      ({ status } = after(
        [
          { ...exit(1), ...run },
          { ...gone, ...run },
          ...(attempt === 3
            ? []
            : ([
                { kind: 'backoff-over' },
                met,
                { kind: 'spawned', run: attempt + 1 },
                { kind: 'ready', run: attempt + 1 },
              ] satisfies ProcessEvent[])),
        ],
        service,
        status,
      ));
    }
    assert.equal(status.state.name, 'failed');
    assert.equal(status.state.failure.restarts, 2);
    assert.equal(status.state.failure.code, 'exited');
  });

  it('counts restarts anew after a run that lasted the window', () => {
    const { status } = after(toRunning);
    const late = { ...service, nowMs: 1_000 + restart.windowMs };
    const result = after([exit(1), gone], late, { ...status, restarts: 2 });
    assert.equal(result.state.name, 'backoff');
    assert.equal(result.status.restarts, 1);
  });

  it('refuses news of an older run', () => {
    const { status } = after([...toRunning, again, gone, met]);
    assert.equal(status.run, 2);
    for (const event of [spawned, ready, exit(1), gone]) {
      assert.equal(transition(status, event, service), undefined, event.kind);
    }
  });

  it('has no use for a request that is already so', () => {
    const running: ProcessState = { name: 'running' };
    assert.equal(transition({ ...initialStatus, state: running }, start, service), undefined);
    assert.equal(transition(initialStatus, stop, service), undefined);
    assert.equal(transition(after([start]).status, again, service), undefined);
  });

  it('keeps the time of entering while it stays in a state', () => {
    const { status } = after([...toRunning, heldStop]);
    const later = after([{ kind: 'release' }], { ...service, nowMs: 5_000 }, status);
    assert.equal(later.status.sinceMs, 1_000);
  });

  it('remembers who asked', () => {
    const { state } = after([start]);
    assert.deepEqual(state.name === 'waiting' && state.cause, requested);
  });

  it('ends a task that takes too long', () => {
    const { state, effects } = after(
      [start, met, spawned, { kind: 'timed-out', run: 1, timeoutMs: 5_000 }],
      { ...task, restart: { ...restart, policy: 'never' } },
    );
    assert.deepEqual(effects, endsRun);
    assert.equal(state.name === 'stopping' && state.then.kind, 'failed');
  });

  it('counts an exit code of the list as a success', () => {
    const lenient = { ...task, successExitCodes: [0, 2] };
    assert.equal(after([start, met, spawned, exit(2), gone], lenient).state.name, 'completed');
    assert.equal(after([start, met, spawned, exit(1), gone], lenient).state.name, 'backoff');
  });

  const external: TransitionContext = { ...service, kind: 'external' };

  it('looks for an external while it waits, and waits again when it is gone', () => {
    assert.deepEqual(after([start, met], external).effects, ['spawn']);
    assert.equal(after([start, met], external).state.name, 'waiting');
    assert.equal(after([start, met, spawned, ready], external).state.name, 'running');
    const { status } = after([start, met, spawned, ready, exit(1), gone], external);
    assert.deepEqual(
      [status.state.name, status.health, status.restarts],
      ['waiting', 'unhealthy', 0],
    );
    assert.deepEqual(after([start, met, stop], external).effects, ['cancel-spawn']);
    // By what the file says now.
    assert.deepEqual(after([start, met, restartIt], external).effects, ['cancel-spawn']);
    assert.deepEqual(after([start, met, restartIt, met], external).effects, ['spawn']);
  });

  it('never gives an external up', () => {
    const running = after([start, met, spawned, ready], external).status;
    assert.equal(transition(running, overLimit, external), undefined);
    const { state, status } = after([unhealthy], external, running);
    assert.deepEqual([state.name, status.health], ['running', 'unhealthy']);
  });

  it('pauses a crash loop, which ends by itself or by a person', () => {
    const breaker = { failures: 1, windowMs: 60_000, coolDownMs: 5_000 };
    const looping: TransitionContext = { ...service, restart: { ...restart, breaker } };
    const { status, state, effects } = after([...toRunning, exit(1), gone], looping);
    assert.deepEqual(effects, ['schedule-restart']);
    assert.deepEqual([state.name, state.name === 'failed' && state.retryAtMs], ['failed', 6_000]);
    assert.equal(after([{ kind: 'backoff-over' }], looping, status).state.name, 'waiting');
    assert.deepEqual(after([start], looping, status).effects, ['cancel-restart']);
    assert.deepEqual(after([stop], looping, status).effects, ['cancel-restart']);
    const byRule: ProcessEvent = { kind: 'start', by: 'schedule' };
    assert.equal(transition(status, byRule, looping), undefined);
  });

  it('lets no rule end a wait, nor the pause of a crash loop, not even before it has begun', () => {
    const breaker = { failures: 1, windowMs: 60_000, coolDownMs: 5_000 };
    const looping: TransitionContext = { ...service, restart: { ...restart, breaker } };
    for (const context of [service, looping]) {
      const then = context === looping ? 'failed' : 'backoff';
      for (const kind of ['start', 'restart'] as const) {
        const asked = (by: RequestedBy): ProcessEvent => ({ kind, by, isHeld: false });
        const byRule = asked('schedule');
        const swept = after([...toRunning, exit(1)], context).status;
        assert.equal(transition(swept, byRule, context), undefined);
        const paused = after([gone], context, swept);
        assert.deepEqual([paused.state.name, paused.effects], [then, ['schedule-restart']]);
        assert.equal(transition(paused.status, byRule, context), undefined);
        const byPerson = after([asked('you'), gone], context, swept);
        assert.equal(byPerson.state.name, 'waiting');
      }
    }
  });

  for (const by of ['schedule', 'dependency'] as const) {
    it(`forgets an incident with a run that lasted, also when its ${by} ends it`, () => {
      const told = { ...after(toRunning).status, hasIncident: true, restarts: 2 };
      const byRule: ProcessEvent = { kind: 'restart', by, isHeld: false };
      const short = after([byRule], service, told).status;
      assert.equal(short.hasIncident, true, 'it was not well yet');
      const late = { ...service, nowMs: service.nowMs + restart.windowMs };
      const { hasIncident, restarts } = after([byRule], late, told).status;
      assert.deepEqual([hasIncident, restarts], [false, 0]);
      const starting = { ...after([start, met, spawned]).status, hasIncident: true };
      const { status } = after([byRule], late, starting);
      assert.equal(status.hasIncident, true, 'it was never ready');
    });
  }
});
