import assert from 'node:assert/strict';
import {
  type DashboardRow,
  type HostMessage,
  isHostMessage,
  isPageMessage,
} from '../../../src/webview/messages.ts';

const row: DashboardRow = {
  id: 'f#api',
  folder: 'f',
  name: 'api',
  kind: 'service',
  state: 'running',
  stateWord: 'running',
  detail: '',
  isUnhealthy: false,
  port: undefined,
  url: undefined,
  actions: ['stop', 'restart'],
  dependsOn: [{ id: 'f#db', condition: 'ready', isMet: true }],
};

describe('the messages of the dashboard', () => {
  const good: HostMessage[] = [
    { kind: 'everything', folders: [], rows: [row], events: [], timelines: [] },
    { kind: 'rows', rows: [{ ...row, port: 5000 }], events: [] },
    { kind: 'samples', atMs: 1, samples: [{ id: 'f#api', cpuPercent: 0, memoryBytes: 1 }] },
    { kind: 'history', id: 'a', series: { atMs: [], cpuPercent: [], memoryBytes: [] } },
    { kind: 'details', id: 'a', why: ['running'], facts: [['PID', '1']], output: [] },
  ];
  for (const message of good) {
    it(`lets ${message.kind} pass, as it comes out of JSON too`, () => {
      assert.ok(isHostMessage(message));
      assert.ok(isHostMessage(JSON.parse(JSON.stringify(message))));
    });
  }

  const bad: [name: string, value: unknown][] = [
    ['nothing', undefined],
    ['text', 'rows'],
    ['an unknown kind', { kind: 'eval', code: '1' }],
    ['a row without a state', { kind: 'rows', rows: [{ ...row, state: undefined }], events: [] }],
    ['a state nobody knows', { kind: 'rows', rows: [{ ...row, state: 'odd' }], events: [] }],
    ['an action nobody knows', { kind: 'rows', rows: [{ ...row, actions: ['rm'] }], events: [] }],
    ['rows that are no list', { kind: 'rows', rows: row, events: [] }],
    ['a number that is none', { kind: 'samples', atMs: Number.NaN, samples: [] }],
  ];
  for (const [name, value] of bad) {
    it(`stops ${name}`, () => assert.equal(isHostMessage(value), false));
  }

  it('takes from the page what it may say, and nothing else', () => {
    assert.ok(isPageMessage({ kind: 'ready' }));
    assert.ok(isPageMessage({ kind: 'look', ids: ['a'] }));
    assert.ok(isPageMessage({ kind: 'select' }));
    assert.ok(isPageMessage({ kind: 'act', action: 'stop', id: 'a' }));
    assert.ok(isPageMessage({ kind: 'actAll', action: 'stopAll' }));
    for (const value of [
      { kind: 'act', action: 'workbench.action.terminal.sendSequence', id: 'a' },
      { kind: 'act', action: 'stop' },
      { kind: 'act', action: 'toString', id: 'a' },
      { kind: 'actAll', action: 'stop' },
      { kind: 'look', ids: 'a' },
      null,
      [],
    ]) {
      assert.equal(isPageMessage(value), false, JSON.stringify(value));
    }
  });
});
