import assert from 'node:assert/strict';
import type { EnvironmentModel, ProcessModel } from '../../../src/config/model.ts';
import {
  type AutoStartFacts,
  decideAutoStart,
  describePlan,
  planAutoStart,
  toStartNow,
} from '../../../src/vscode/autoStartDecision.ts';
import { exampleSnapshot } from './exampleSnapshot.ts';
import { processModel } from '../../support/testEnvironment.ts';

function model(...processes: ProcessModel[]): EnvironmentModel {
  return {
    folder: '/shop',
    configPath: '/shop/dev-env.yaml',
    autostart: false,
    onStartFailure: 'keep',
    processes,
    activeProfiles: [],
    envFiles: [],
  };
}

/** With a key of the test's. */
const planOf = (of: EnvironmentModel) => planAutoStart(of, 'key');

const db = processModel('db', 'redis-server', { autostart: false });
const api = processModel('api', ['npm', 'run', 'dev'], {
  autostart: true,
  dependsOn: [{ name: 'db', condition: 'ready' }],
  env: { TOKEN: 'secret' },
});
const extra = processModel('extra', 'true', { autostart: false });

describe('planAutoStart', () => {
  it('takes along what is depended on, and nothing else', () => {
    const plan = planOf(model(db, api, extra));
    assert.deepEqual(plan.wanted, ['api']);
    assert.deepEqual(
      plan.processes.map(({ name }) => name),
      ['db', 'api'],
    );
  });

  const { hash } = planOf(model(db, api, extra));
  const changes: [string, ProcessModel, boolean][] = [
    ['the command', { ...api, command: ['npm', 'run', 'evil'] }, true],
    ['a list that becomes the same words in a string', { ...api, command: 'npm run dev' }, true],
    ['the directory', { ...api, workdir: '/elsewhere' }, true],
    ['a new variable', { ...api, env: { ...api.env, NODE_OPTIONS: '-r ./x' } }, true],
    [
      'a command that tells readiness',
      { ...api, ready: { kind: 'command', command: 'curl x', timeoutMs: 1 } },
      true,
    ],
    ['a command that stops', { ...api, stop: { ...api.stop, command: 'rm -rf x' } }, true],
    ['the value of a variable', { ...api, env: { TOKEN: 'other' } }, true],
    ['the restart policy', { ...api, restart: { ...api.restart, policy: 'always' } }, false],
    ['the description', { ...api, description: 'The API' }, false],
  ];
  for (const [what, changed, isOther] of changes) {
    it(`${isOther ? 'asks again' : 'does not ask again'} after a change of ${what}`, () => {
      assert.equal(planOf(model(db, changed, extra)).hash !== hash, isOther);
    });
  }

  it('asks again when a dependency has another command, and not for what is not started', () => {
    const changedDb = { ...db, command: 'other' };
    assert.notEqual(planOf(model(changedDb, api, extra)).hash, hash);
    assert.equal(planOf(model(db, api, { ...extra, command: 'other' })).hash, hash);
  });

  it('does not ask again when the entries change places', () => {
    assert.equal(planOf(model(extra, api, db)).hash, hash);
  });

  it('shows every command, and no value of a variable', () => {
    const text = describePlan(
      planOf(model(db, { ...api, stop: { ...api.stop, command: 'npm stop' } }, extra)),
    );
    for (const part of ['redis-server', '["npm","run","dev"]', 'npm stop', 'TOKEN']) {
      assert.ok(text.includes(part), `${part} is missing in ${text}`);
    }
    assert.ok(!text.includes('secret'));
  });
});

describe('decideAutoStart', () => {
  const plan = planOf(model(db, api));
  const facts: AutoStartFacts = {
    setting: 'ask',
    isTrusted: true,
    isDone: false,
    isRefused: false,
    approvedHash: undefined,
    plan,
  };
  const cases: [string, Partial<AutoStartFacts>, ReturnType<typeof decideAutoStart>][] = [
    ['asks the first time', {}, 'ask'],
    ['starts what was approved', { approvedHash: plan.hash }, 'start'],
    ['asks when something else was approved', { approvedHash: 'other' }, 'ask'],
    ['starts without asking when it always should', { setting: 'always' }, 'start'],
    ['never starts when it should not', { setting: 'never', approvedHash: plan.hash }, 'nothing'],
    ['does nothing without trust', { isTrusted: false, setting: 'always' }, 'nothing'],
    ['does nothing twice', { isDone: true, approvedHash: plan.hash }, 'nothing'],
    ['does not ask who refused', { isRefused: true }, 'nothing'],
    [
      'does nothing when no process asks for it',
      { plan: planOf(model(db)), setting: 'always' },
      'nothing',
    ],
  ];
  for (const [what, more, decision] of cases) {
    it(what, () => {
      assert.equal(decideAutoStart({ ...facts, ...more }), decision);
    });
  }
});

describe('toStartNow', () => {
  const plan = planOf(
    model(
      processModel('api', 'a', { autostart: true }),
      processModel('job', 'b', {
        autostart: true,
        restart: { ...processModel('x', 'x').restart, policy: 'unless-stopped' },
      }),
    ),
  );
  const both = (more: Parameters<typeof exampleSnapshot>[0]) =>
    ['api', 'job'].map((name) => exampleSnapshot({ name, ...more }));

  it('is all of them when the folder is opened anew', () => {
    assert.deepEqual(toStartNow(plan, both({}), false), ['api', 'job']);
  });
  it('is none of them after a reload', () => {
    assert.deepEqual(toStartNow(plan, both({ stoppedBy: 'you' }), true), []);
    assert.deepEqual(toStartNow(plan, both({ state: 'running' }), true), []);
  });
  it('is, even then, what only the closing of the window had stopped', () => {
    assert.deepEqual(toStartNow(plan, both({ stoppedBy: 'close' }), true), ['api', 'job']);
  });
  it('leaves alone what a person stopped, where the policy says so', () => {
    assert.deepEqual(toStartNow(plan, both({ stoppedBy: 'you' }), false), ['api']);
  });
});
