import assert from 'node:assert/strict';
import type { ProcessModel } from '../../../../src/config/model.ts';
import { Environment } from '../../../../src/controller/environment.ts';
import type { StateKeeper } from '../../../../src/controller/persistence.ts';
import type { RequestedBy } from '../../../../src/controller/snapshot.ts';
import type {
  Cause,
  ProcessEvent,
  ProcessState,
  ProcessStatus,
} from '../../../../src/controller/state.ts';
import { dependenciesOf, dependentsOf } from '../../../../src/graph/dependencyGraph.ts';
import type { StateFolder } from '../../../../src/store/stateFolder.ts';
import { StandInRun } from '../../../support/standInRun.ts';
import { environmentModel } from '../../../support/testEnvironment.ts';
import { TurnedClock } from '../../../support/turnedClock.ts';

type StateName = ProcessState['name'];

/** The table of docs/architecture.md, in its own words: where each state leads to. */
const leadsTo: Readonly<Record<StateName, readonly StateName[]>> = {
  stopped: ['waiting'],
  waiting: ['waiting', 'starting', 'failed', 'stopped'],
  starting: ['starting', 'running', 'failed', 'stopping'],
  running: ['running', 'stopping'],
  stopping: ['stopping', 'stopped', 'waiting', 'backoff', 'completed', 'failed'],
  backoff: ['waiting', 'stopped'],
  completed: ['waiting', 'stopped'],
  failed: ['waiting', 'stopping', 'stopped'],
};

/** What the model knows of a process: what was asked for, and what follows from it. Nothing more. */
interface Expected {
  /** What somebody asked for last. */
  wish: 'up' | 'down';
  ignoresDependencies: boolean;
  /** The run that a restart is to replace. */
  replaces: number;
  /** Starts by the restart policy since a person acted or the process was well. */
  retries: number;
  /** A failure was told of, and nothing has changed since. */
  isTold: boolean;
}

/** An environment with stand-ins for its programs, beside a model of what must be true of it. */
export class Simulation {
  readonly environment: Environment;
  readonly clock = new TurnedClock();
  readonly definitions: readonly ProcessModel[];
  readonly #expected = new Map<string, Expected>();
  readonly #statuses = new Map<string, ProcessStatus>();
  readonly #runs = new Map<string, StandInRun[]>();
  readonly #problems: string[] = [];
  failuresTold = 0;
  spawns = 0;

  constructor(definitions: readonly ProcessModel[], random: () => number) {
    this.definitions = definitions;
    for (const { name } of definitions) {
      this.#runs.set(name, []);
      this.#expected.set(name, {
        wish: 'down',
        ignoresDependencies: false,
        replaces: 0,
        retries: 0,
        isTold: false,
      });
    }
    this.environment = new Environment({
      model: environmentModel('/nowhere', definitions),
      stateFolder: nowhere,
      hostEnv: {},
      clock: this.clock,
      random,
      persistence: this.#keeper(),
      createRun: (definition, number, _services, report) =>
        new StandInRun(definition, number, report, { onSpawn: (run) => this.#onSpawn(run) }),
    });
    this.environment.onDidFail(({ name }) => {
      const expected = this.expected(name);
      this.failuresTold += 1;
      if (expected.isTold) this.#problem(`${name}: the same incident is told twice`);
      expected.isTold = true;
    });
  }

  expected(name: string): Expected {
    const expected = this.#expected.get(name);
    assert.ok(expected);
    return expected;
  }

  state(name: string): ProcessState {
    return this.#statuses.get(name)?.state ?? { name: 'stopped' };
  }

  /** Of all processes, those whose programs are there, or are being started or ended. */
  living(): readonly StandInRun[] {
    return [...this.#runs.values()].flat().filter(isLiving);
  }

  start(names: readonly string[], by: RequestedBy, withDependencies: boolean): void {
    const all = withDependencies ? this.#concerned(names, by) : names;
    for (const name of all) {
      // One that has done its work is left alone, unless it is asked for itself.
      if (this.state(name).name === 'completed' && !names.includes(name)) continue;
      this.#wishUp(name, by, 0, !withDependencies);
    }
    void this.environment.start(names, { by, withDependencies });
    this.check();
  }

  restart(names: readonly string[], by: RequestedBy): void {
    for (const name of this.#concerned(names, by)) {
      const isAsked = names.includes(name);
      if (!isAsked && this.state(name).name === 'completed') continue;
      const isUp = ['starting', 'running'].includes(this.state(name).name);
      const replaces = isAsked && isUp ? (this.#statuses.get(name)?.run ?? 0) : 0;
      this.#wishUp(name, by, replaces, false);
    }
    void this.environment.restart(names, { by });
    this.check();
  }

  stop(names: readonly string[], withDependents: boolean, force: boolean): void {
    for (const name of withDependents ? dependentsOf(this.definitions, names) : names) {
      const expected = this.expected(name);
      expected.wish = 'down';
      if (this.state(name).name !== 'stopped') expected.isTold = false;
    }
    void this.environment.stop(names, { withDependents, force });
    this.check();
  }

  /** With what they need, unless a rule asks for what a person keeps down. */
  #concerned(names: readonly string[], by: RequestedBy): readonly string[] {
    if (by === 'you') return [...dependenciesOf(this.definitions, names)];
    const able = names.filter((name) => !this.#isKeptDown(name));
    const all = [...dependenciesOf(this.definitions, able)];
    return all.filter((name) => able.includes(name) || !this.#isStopped(name));
  }

  /** Does it need something that a person stopped, itself or through another that is down? */
  #isKeptDown(name: string): boolean {
    const { dependsOn = [] } = this.definitions.find((one) => one.name === name) ?? {};
    return dependsOn.some(({ name: need }) => {
      // What is up, or about to be, has what it needs.
      if (['starting', 'running', 'completed'].includes(this.state(need).name)) return false;
      return this.#isStopped(need) || this.#isKeptDown(need);
    });
  }

  /** Only persons stop, here. */
  #isStopped(name: string): boolean {
    const state = this.state(name);
    if (state.name === 'stopped') return state.cause?.kind === 'requested';
    const { then } = state.name === 'stopping' ? state : {};
    return then?.kind === 'stopped' && then.cause.kind === 'requested';
  }

  #wishUp(name: string, by: RequestedBy, replaces: number, ignoresDependencies: boolean): void {
    const expected = this.expected(name);
    const state = this.state(name);
    // Rules do not overrule a person who stops it, nor the pause of a crash loop.
    const isPerson = by === 'you' || by === 'watch';
    if (by !== 'you' && state.name === 'stopping' && expected.wish === 'down') return;
    if (!isPerson && hasPause(state)) return;
    expected.wish = 'up';
    const isNew = ['stopped', 'completed', 'failed', 'backoff'].includes(state.name);
    if (isNew) expected.ignoresDependencies = ignoresDependencies;
    if (state.name === 'waiting') expected.ignoresDependencies ||= ignoresDependencies;
    if (state.name === 'stopping') expected.ignoresDependencies = false;
    if (replaces > 0) {
      expected.replaces = replaces;
      expected.ignoresDependencies = false;
    }
    // To ask for what runs already changes nothing.
    if (!isNew && replaces === 0 && state.name !== 'stopping') return;
    const wasWell = state.name === 'running' && this.#hasLasted(name);
    if (isPerson || wasWell) expected.isTold = false;
    if (wasWell) expected.retries = 0;
    if (isPerson || by === 'schedule') expected.retries = 0;
  }

  check(): void {
    for (const { name } of this.definitions) {
      if (this.state(name).name !== 'failed' || this.expected(name).isTold) continue;
      this.#problem(`${name}: nobody is told that it failed`);
    }
    const [problem] = this.#problems;
    assert.equal(problem, undefined);
  }

  /** A program does what programs do; `what` chooses among what it can do now. */
  play(run: StandInRun, what: number): void {
    this.#act(run, what);
    this.check();
  }

  pass(ms: number): void {
    this.clock.advance(ms);
    this.check();
  }

  /** News of a run that is over must change nothing. */
  tellOldNews(name: string, what: number): void {
    const run = this.#runs.get(name)?.findLast((one) => !isLiving(one));
    if (run === undefined) return;
    const before = this.#statuses.get(name);
    const number = run.number;
    const exit = { code: 1, signal: undefined, atMs: this.clock.now() };
    const news: readonly ProcessEvent[] = [
      { kind: 'ready', run: number },
      { kind: 'exited', run: number, exit },
      { kind: 'health', run: number, verdict: 'unhealthy', seen: '' },
      { kind: 'gone', run: number, survivors: [] },
      { kind: 'spawned', run: number },
    ];
    const event = news[what % news.length];
    if (event !== undefined) run.report(event);
    if (this.#statuses.get(name) !== before)
      this.#problem(`${name}: heeds ${event?.kind} of an old run`);
    this.check();
  }

  /** A program ends as soon as it is there, and it is time to start it again. */
  crash(run: StandInRun): void {
    if (run.stage === 'spawning') this.#spawned(run);
    if (run.stage === 'alive' && !run.isEnding) this.#exit(run, 1);
    if (run.isEnding) this.#gone(run);
    this.pass(Math.max(0, this.#endOfPause(run.definition.name) - this.clock.now()));
  }

  /** Everything goes well from now on: what was asked for must come true. */
  settle(): void {
    for (let round = 0; round < 200; round += 1) {
      for (const run of this.living()) this.#actWell(run);
      this.check();
      this.clock.advance(1_000_000);
      this.check();
      if (this.living().every((run) => this.#isSettled(run))) break;
    }
    for (const { name } of this.definitions) this.#checkOutcome(name);
    this.check();
  }

  #isSettled(run: StandInRun): boolean {
    return run.stage === 'alive' && run.isReady && !run.isEnding && run.definition.kind !== 'task';
  }

  #checkOutcome(name: string): void {
    const state = this.state(name);
    const { wish, replaces } = this.expected(name);
    const isLeft = state.name === 'failed' && state.failure.code === 'not-stopped';
    if (wish === 'down' && state.name !== 'stopped' && !isLeft) {
      this.#problem(`${name}: is ${state.name}, though it was to stop`);
    }
    const isOurs = this.definitions.find((one) => one.name === name)?.kind !== 'external';
    if (!isOurs && state.name === 'failed' && state.failure.code !== 'dependency-failed') {
      this.#problem(`${name}: failed, though it is not ours`);
    }
    if (wish === 'up') {
      const hasEnded = state.name === 'stopped' && state.cause?.kind === 'exited';
      if (!['running', 'completed', 'failed'].includes(state.name) && !hasEnded) {
        this.#problem(`${name}: is ${state.name}, though it was to start`);
      }
      if (state.name === 'running') this.#checkFollowed(name);
      if (state.name === 'running' && (this.#statuses.get(name)?.run ?? 0) <= replaces) {
        this.#problem(`${name}: still in run ${replaces}, though it was to restart`);
      }
    }
  }

  /** What follows the restarts of another is of a later run than that one. */
  #checkFollowed(name: string): void {
    const run = this.#runs.get(name)?.at(-1);
    for (const { name: other, condition, restart } of run?.definition.dependsOn ?? []) {
      const state = this.state(other).name;
      const isThere = state === 'completed' || (state === 'running' && condition !== 'completed');
      const dependency = this.#runs.get(other)?.at(-1);
      if (restart !== true || !isThere || run === undefined || dependency === undefined) continue;
      if (dependency.order > run.order) this.#problem(`${name}: did not follow ${other}`);
    }
  }

  #act(run: StandInRun, what: number): void {
    const { number } = run;
    const { kind } = run.definition;
    if (run.stage === 'spawning') {
      const choice = what % 4;
      if (choice === 0 && kind !== 'external') {
        run.stage = 'over';
        run.report({ kind: 'spawn-failed', run: number, message: 'no' });
      } else if (choice === 1 && kind !== 'external') {
        run.stage = 'over';
        run.report({ kind: 'port-in-use', run: number, holder: { port: 1 }, isLost: false });
      } else this.#spawned(run);
      return;
    }
    const actions: (() => void)[] = [];
    if (run.stage === 'alive') {
      actions.push(
        () => this.#exit(run, 0),
        () => this.#exit(run, 1),
      );
      if (kind !== 'task' && !run.isReady && !run.isEnding) {
        actions.push(
          () => this.#ready(run),
          () => this.#ready(run),
          () => {
            if (kind === 'external') return;
            this.#noteFailure(run);
            run.report({ kind: 'startup-timeout', run: number, timeoutMs: 1, seen: '' });
          },
        );
      }
      if (run.isWatched) {
        actions.push(
          () => run.report({ kind: 'health', run: number, verdict: 'healthy', seen: '' }),
          () => {
            const { onFailure } = run.definition.healthCheck ?? { onFailure: 'report' };
            if (onFailure !== 'report' && kind !== 'external') this.#noteFailure(run);
            run.report({ kind: 'health', run: number, verdict: 'unhealthy', seen: 'no' });
          },
        );
      }
      if (run.hasTimeout) {
        actions.push(() => {
          this.#noteFailure(run);
          run.report({ kind: 'timed-out', run: number, timeoutMs: 1 });
        });
      }
      if (kind !== 'external' && !run.isEnding) {
        actions.push(() => {
          this.#noteFailure(run);
          const fault = { run: number, code: 'limit-exceeded', why: '' } as const;
          this.environment.giveUp(run.definition.name, { ...fault, action: 'restart' });
        });
      }
    }
    if (run.isEnding) {
      actions.push(() => this.#gone(run));
      // What survives is still there.
      if (run.stage === 'alive' && kind !== 'external') {
        actions.push(() => {
          run.isEnding = false;
          run.report({ kind: 'gone', run: number, survivors: [4711] });
        });
      }
    }
    actions[what % Math.max(1, actions.length)]?.();
  }

  #actWell(run: StandInRun): void {
    if (run.stage === 'spawning') this.#spawned(run);
    else if (run.isEnding) this.#gone(run);
    else if (run.stage === 'alive' && run.definition.kind === 'task') this.#exit(run, 0);
    else if (run.stage === 'alive' && !run.isReady) this.#ready(run);
  }

  #spawned(run: StandInRun): void {
    if (run.isCancelled && run.definition.kind !== 'external') {
      run.stage = 'over';
      run.report({ kind: 'spawn-failed', run: run.number, message: 'cancelled' });
      return;
    }
    run.stage = 'alive';
    run.report({ kind: 'spawned', run: run.number });
  }

  #ready(run: StandInRun): void {
    run.isReady = true;
    run.report({ kind: 'ready', run: run.number });
  }

  #exit(run: StandInRun, code: number): void {
    run.stage = 'exited';
    run.exitCode = code;
    this.#noteFailure(run);
    const { name, kind } = run.definition;
    const isDone = code === 0 && kind === 'task' && this.state(name).name === 'running';
    if (isDone) this.expected(name).isTold = false;
    const exit = { code, signal: undefined, atMs: this.clock.now() };
    run.report({ kind: 'exited', run: run.number, exit });
  }

  #gone(run: StandInRun): void {
    if (run.stage === 'alive' && run.definition.kind !== 'external') this.#exit(run, 143);
    run.stage = 'over';
    run.report({ kind: 'gone', run: run.number, survivors: [] });
  }

  /** A run that lasted the window was well, and what was before it is forgotten. */
  #noteFailure(run: StandInRun): void {
    const { name } = run.definition;
    const state = this.state(name);
    if (state.name !== 'starting' && state.name !== 'running') return;
    if (!this.#hasLasted(name)) return;
    const expected = this.expected(name);
    expected.retries = 0;
    expected.isTold = false;
  }

  /** One that follows the restart of another was well, too, if it lasted. */
  #noteFollowing(name: string, before: ProcessState, state: ProcessState): void {
    const cause = before.name === 'running' ? startOf(state) : undefined;
    if (cause?.kind !== 'requested' || cause.by !== 'dependency' || !this.#hasLasted(name)) return;
    this.expected(name).isTold = false;
    this.expected(name).retries = 0;
  }

  #hasLasted(name: string): boolean {
    const { windowMs = 0 } = this.definitions.find((one) => one.name === name)?.restart ?? {};
    return this.clock.now() - (this.#statuses.get(name)?.startedAtMs ?? 0) >= windowMs;
  }

  #onSpawn(run: StandInRun): void {
    const { name, restart, kind } = run.definition;
    const earlier = this.#runs.get(name) ?? [];
    this.spawns += 1;
    run.order = this.spawns;
    if (earlier.some(isLiving)) this.#problem(`${name}: two runs at once`);
    earlier.push(run);
    const expected = this.expected(name);
    if (expected.wish === 'down') this.#problem(`${name}: starts, though it was to stop`);
    this.#checkConditions(run);
    const before = this.#statuses.get(name)?.state;
    const cause = before?.name === 'waiting' ? before.cause : undefined;
    if (kind !== 'external' && cause !== undefined && cause.kind !== 'requested') {
      if (cause.kind !== 'dependency-failed') expected.retries += 1;
      if (expected.retries > (restart.maxRetries ?? Number.POSITIVE_INFINITY)) {
        this.#problem(`${name}: restarted ${expected.retries} times`);
      }
    }
    expected.ignoresDependencies = false;
  }

  #checkConditions({ definition: { name, dependsOn } }: StandInRun): void {
    if (this.expected(name).ignoresDependencies) return;
    for (const { name: other, condition } of dependsOn) {
      const last = this.#runs.get(other)?.at(-1);
      const isUp = last?.stage === 'alive' && !last.isEnding;
      const isTask = last?.definition.kind === 'task';
      const hasCompleted = isTask && last.stage !== 'alive' && last.exitCode === 0;
      const isMet =
        hasCompleted ||
        (condition === 'started' && isUp) ||
        (condition === 'ready' && isUp && (last.isReady || isTask));
      if (!isMet) this.#problem(`${name}: starts, though ${other} is not ${condition}`);
    }
  }

  /** When a process is started again by itself; 0 when it is not. */
  #endOfPause(name: string): number {
    const state = this.state(name);
    if (state.name === 'failed') return state.retryAtMs ?? 0;
    const { sinceMs = 0 } = this.#statuses.get(name) ?? {};
    return state.name === 'backoff' ? sinceMs + state.delayMs : 0;
  }

  /** A pause lasts as long as it was said to, unless a person ends it. */
  #checkPause(name: string, before: ProcessState, { state }: ProcessStatus): void {
    const asked = startOf(state);
    if (hasPause(before) && asked?.kind === 'requested' && asked.by === 'schedule') {
      this.#problem(`${name}: a rule ends a pause`);
    }
    if (state.name !== 'waiting') return;
    const endMs = this.#endOfPause(name);
    if (endMs === 0) return;
    const { cause } = state;
    const isAsked = cause.kind === 'requested';
    if (!isAsked && this.clock.now() < endMs) this.#problem(`${name}: starts again too early`);
  }

  #keeper(): StateKeeper {
    return {
      read: () => Promise.resolve({ records: [], problems: [] }),
      save: (controller, before) => {
        const { name, state, status } = controller;
        if (!leadsTo[before.name].includes(state.name)) {
          this.#problem(`${name}: from ${before.name} to ${state.name}`);
        }
        this.#checkPause(name, before, status);
        this.#noteFollowing(name, before, state);
        this.#statuses.set(name, status);
      },
      missing: () => Promise.resolve([]),
      addToHistory: () => undefined,
      forget: () => undefined,
      flush: () => Promise.resolve(),
    };
  }

  #problem(text: string): void {
    this.#problems.push(text);
  }
}

function isLiving({ stage }: StandInRun): boolean {
  return stage === 'spawning' || stage === 'alive' || stage === 'exited';
}

/** It starts again by itself, later. */
function hasPause(state: ProcessState): boolean {
  if (state.name === 'failed') return state.retryAtMs !== undefined;
  if (state.name !== 'stopping') return state.name === 'backoff';
  return (
    state.then.kind === 'backoff' ||
    (state.then.kind === 'failed' && state.then.retryInMs !== undefined)
  );
}

/** Why it is about to start, at once or when its present run is over. */
function startOf(state: ProcessState): Cause | undefined {
  if (state.name === 'waiting') return state.cause;
  return state.name === 'stopping' && state.then.kind === 'start' ? state.then.cause : undefined;
}

/** A folder in which nothing is looked for and nothing is kept. */
const nowhere = {
  path: '/nowhere',
  id: 'nowhere',
  logFolder: () => '/nowhere/logs',
} as unknown as StateFolder;
