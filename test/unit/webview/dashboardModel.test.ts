import assert from 'node:assert/strict';
import { DashboardModel } from '../../../src/webview/dashboardModel.ts';
import type { DashboardRow, HostMessage } from '../../../src/webview/messages.ts';

function row(name: string, folder = 'f'): DashboardRow {
  return {
    ...{ id: `${folder}#${name}`, folder, name, kind: 'service', state: 'stopped' },
    ...{ stateWord: 'stopped', detail: '', isUnhealthy: false, port: undefined, url: undefined },
    ...{ actions: [], dependsOn: [] },
  };
}

function everything(...rows: DashboardRow[]): HostMessage {
  const folders = [...new Set(rows.map(({ folder }) => folder))].map((id) => ({
    id,
    name: id,
    note: undefined,
  }));
  return { kind: 'everything', folders, rows, events: [], timelines: [] };
}

const details = { why: [], facts: [['PID', '1']], output: [] };

const sample = (id: string, cpuPercent: number): HostMessage => ({
  kind: 'samples',
  atMs: 5,
  samples: [{ id, cpuPercent, memoryBytes: 1 }],
});

describe('DashboardModel', () => {
  it('knows another structure from other states', () => {
    const model = new DashboardModel();
    const needs = (id: string): DashboardRow['dependsOn'] => [
      { id, condition: 'ready', isMet: false },
    ];
    model.take(everything(row('a'), { ...row('b'), dependsOn: needs('f#a') }));
    const { structure } = model;
    const met = needs('f#a').map((one) => ({ ...one, isMet: true }));
    const states: DashboardRow[] = [
      { ...row('a'), state: 'running' },
      { ...row('b'), state: 'running', dependsOn: met },
    ];
    model.take({ kind: 'rows', rows: states, events: [] });
    assert.equal(model.structure, structure, 'states alone lay out no graph');
    model.take({ kind: 'rows', rows: [row('b')], events: [] });
    assert.notEqual(model.structure, structure);
  });

  it('keeps the order, takes changes in place, and ignores rows it does not have', () => {
    const model = new DashboardModel();
    model.take(everything(row('a'), row('b')));
    const changed = model.take({
      kind: 'rows',
      rows: [{ ...row('a'), state: 'running' }, row('stranger')],
      events: [],
    });
    assert.deepEqual([...changed], ['rows']);
    assert.deepEqual(
      model.rows().map(({ name, state }) => [name, state]),
      [
        ['a', 'running'],
        ['b', 'stopped'],
      ],
    );
  });

  it('shows one folder, until that is gone', () => {
    const model = new DashboardModel();
    model.take(everything(row('a'), row('b', 'g')));
    model.folder = 'g';
    assert.deepEqual(
      model.rows().map(({ name }) => name),
      ['b'],
    );
    model.take(everything(row('a')));
    assert.equal(model.folder, undefined);
    assert.equal(model.rows().length, 1);
  });

  it('keeps a minute or two of samples for each, and the whole past of the chosen one', () => {
    const model = new DashboardModel();
    model.take(everything(row('a'), row('b')));
    model.select('f#a');
    for (let i = 0; i < 100; i += 1) model.take(sample('f#a', i));
    assert.equal(model.recent('f#a').cpuPercent.length, 60);
    assert.equal(model.series, undefined, 'nothing is drawn before its past is known');
    const series = { atMs: [1, 2], cpuPercent: [7, 8], memoryBytes: [1, 1] };
    model.take({ kind: 'history', id: 'f#a', series });
    model.take(sample('f#a', 9));
    assert.deepEqual(model.series!.cpuPercent, [7, 8, 9]);
    model.take(sample('f#b', 9));
    assert.equal(model.series!.atMs.length, 3);
  });

  it('forgets the details of one when another is chosen, and the choice with its row', () => {
    const model = new DashboardModel();
    model.take(everything(row('a'), row('b')));
    model.select('f#a');
    model.take({ kind: 'details', id: 'f#a', ...details });
    assert.equal(model.details.facts.length, 1);
    model.select('f#b');
    assert.equal(model.details.facts.length, 0);
    assert.deepEqual([...model.take({ kind: 'details', id: 'f#a', ...details })], []);
    model.take(everything());
    assert.equal(model.selected, 'f#b', 'the files may still have to be read');
    model.take(everything(row('a')));
    assert.equal(model.selected, undefined);
  });

  it('keeps no more events than anyone reads', () => {
    const model = new DashboardModel();
    model.take(everything(row('a')));
    for (let i = 0; i < 300; i += 1) {
      const event = { atMs: i, id: 'f#a', name: 'a', state: 'running', text: '' } as const;
      model.take({ kind: 'rows', rows: [], events: [event] });
    }
    assert.equal(model.events.length, 200);
    assert.equal(model.events[0]?.atMs, 299);
  });
});
