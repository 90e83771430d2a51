import assert from 'node:assert/strict';
import { DevEnvError } from '../../../src/base/errors.ts';
import { plainProcess } from '../../../src/config/plainProcess.ts';
import type { ProcessModel } from '../../../src/config/model.ts';
import {
  groupNames,
  namesOfAll,
  resolveTargets,
  startTargets,
} from '../../../src/controller/targets.ts';
import { environmentModel } from '../../support/testEnvironment.ts';

function process(name: string, more: Partial<ProcessModel> = {}): ProcessModel {
  return plainProcess({ name, command: 'true', workdir: '/', ...more });
}

const schedule = { cron: '* * * * *', timeZone: undefined, overlap: 'skip' } as const;
const processes = [
  process('db', { groups: ['backend', 'data'] }),
  process('api', { groups: ['backend'] }),
  process('web', { profiles: ['full'] }),
  process('data', { profiles: ['full', 'demo'] }),
  process('backup', { kind: 'task', groups: ['data'], schedule }),
];

describe('resolveTargets', () => {
  const table: [asked: string[], names: string[], named: string[]][] = [
    [['api'], ['api'], ['api']],
    [['backend'], ['db', 'api'], []],
    [['api', 'backend'], ['api', 'db'], ['api']],
    [['data'], ['data'], ['data']],
    [['group:data'], ['db', 'backup'], []],
    [[], [], []],
  ];
  for (const [asked, names, named] of table) {
    it(asked.join(', ') || 'nothing', () => {
      const targets = resolveTargets(processes, asked);
      assert.deepEqual([...targets.names], names);
      assert.deepEqual([...targets.named], named);
    });
  }

  it('refuses what is neither, and says what was probably meant', () => {
    const words: [asked: string, message: string][] = [
      ['bakend', 'There is no process or group "bakend". Did you mean "backend"?'],
      ['apo', 'There is no process or group "apo". Did you mean "api"?'],
      ['group:dta', 'There is no group "dta". Did you mean "data"?'],
      ['unheard-of', 'There is no process or group "unheard-of".'],
    ];
    for (const [asked, message] of words) {
      assert.throws(
        () => resolveTargets(processes, ['db', asked]),
        (error) => error instanceof DevEnvError && error.message === message,
        asked,
      );
    }
  });
});

describe('Groups and profiles', () => {
  it('are in the order of the file', () => {
    assert.deepEqual(groupNames(processes), ['backend', 'data']);
  });

  it('say what everything is', () => {
    const all = (...activeProfiles: string[]): readonly string[] =>
      namesOfAll(environmentModel('/', processes, { activeProfiles }));
    assert.deepEqual(all(), ['db', 'api', 'backup']);
    assert.deepEqual(all('demo'), ['db', 'api', 'data', 'backup']);
    assert.deepEqual(all('full', 'other'), ['db', 'api', 'web', 'data', 'backup']);
  });
});

describe('startTargets', () => {
  const start = (asked: string[], by: 'you' | 'autostart' | 'schedule'): unknown =>
    startTargets(processes, resolveTargets(processes, asked), by);

  it('runs a task with a schedule that is asked for by name', () => {
    assert.deepEqual(start(['backup', 'db'], 'you'), { run: ['backup', 'db'], arm: [] });
    assert.deepEqual(start(['backup'], 'schedule'), { run: ['backup'], arm: [] });
  });
  it('only arms one that comes with a group, or with the opening of the folder', () => {
    assert.deepEqual(start(['group:data'], 'you'), { run: ['db'], arm: ['backup'] });
    assert.deepEqual(start(['backup', 'db'], 'autostart'), { run: ['db'], arm: ['backup'] });
  });
});
