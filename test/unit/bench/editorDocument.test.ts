import assert from 'node:assert/strict';
import { benchmarksDocument } from '../../../bench/document.ts';
import type { EditorResults } from '../../../bench/editorResults.ts';
import type { Results } from '../../../bench/results.ts';

const whole: EditorResults = {
  version: '1.139.1',
  seconds: 380.2,
  opening: {
    processes: 6,
    activation: {
      load: { devEnv: [41.2, 38.7, 60.1], bare: [2.1, 1.9, 2.4] },
      call: { devEnv: [20, 18, 25], bare: [1, 1, 1] },
      asShown: { devEnv: [150, 140, 171], bare: [90, 80, 95] },
    },
    statusShown: { devEnv: [4200, 4000, 4600], bare: [4100, 3900, 4300] },
    allReady: [5100, 4900, 5600],
    bareChain: [700, 690, 720],
  },
  clicks: {
    startFirst: [61.4, 120.2, 75],
    startDone: [130, 150, 141],
    stopFirst: [58, 110, 70],
    stopDone: [150, 160, 149],
    bare: [21, 19, 30],
  },
  flood: {
    megabytes: 200,
    rounds: [
      { seconds: 1.6, delayP99Ms: 42, delayMaxMs: 137, memoryGrowthMb: 22, isComplete: true },
      { seconds: 1.8, delayP99Ms: 39, delayMaxMs: 90, memoryGrowthMb: 5, isComplete: false },
    ],
  },
  tree: {
    processes: 1000,
    firstOpening: { devEnv: [310], bare: [250] },
    reopening: { devEnv: [80, 70], bare: [60, 66] },
    reopeningWhileRunning: [90, 85],
    one: { devEnv: [95, 105], bare: [30, 28] },
    oneKilled: [140, 155],
    allStart: [400],
    allStop: [520],
    bareAll: [130, 140],
  },
  idle: [
    {
      processes: 50,
      sliceSeconds: 10,
      visible: { base: [2.1, 2.4, 2.2], measured: [2.6, 2.9, 3.4] },
      hidden: { base: [2, 2.1, 1.9], measured: [2.1, 2.3, 2.2] },
      memoryMb: 150.4,
      baseMemoryMb: 139.8,
    },
  ],
  faults: {},
};

const results = (editor: EditorResults): Results => ({
  at: '2026-01-02T03:04:05.000Z',
  seconds: 1100,
  machine: {
    ...{ system: 'Linux 6', cpu: 'A processor', cpus: 2, memoryGb: 24 },
    ...{ node: 'v24.1.0', load: 0.1 },
  },
  versions: { 'Dev Env': '0.1.0' },
  missing: {},
  workloads: [],
  editor,
});

/** The cells of the row that begins so. */
function row(document: string, name: string): string[] {
  const found = document.split('\n').find((line) => line.startsWith(`| ${name} |`));
  assert.ok(found, `no row "${name}" in\n${document}`);
  return found
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

describe('the document of the measurements in VS Code', () => {
  const document = benchmarksDocument(results(whole));

  it('has medians with their range beside the limit', () => {
    assert.deepEqual(row(document, 'activation: code loaded'), ['3', '41 (39–60)', '2']);
    assert.deepEqual(row(document, 'start: first change'), ['3', '75 (61–120)', '21 (19–30)']);
    assert.deepEqual(row(document, 'all, Stop All'), ['1', '520', '135 (130–140)']);
  });

  it('adds the bare programs to the bare window where that is the limit, round by round', () => {
    assert.deepEqual(row(document, 'navigation to all 6 ready'), [
      '3',
      '5100 (4900–5600)',
      '4800 (4590–5020)',
    ]);
    assert.deepEqual(row(document, 'of this from status bar item to all ready'), [
      '3',
      '900 (900–1000)',
      '700 (690–720)',
    ]);
  });

  it('names the limits of the flood, and counts the complete logs', () => {
    assert.deepEqual(row(document, 'event loop delay, 99 %, ms'), ['2', '41 (39–42)', '100']);
    assert.deepEqual(row(document, 'memory growth, MB'), ['2', '14 (5–22)', '64']);
    assert.deepEqual(row(document, 'logs complete'), ['2', '1', '2']);
  });

  it('shows base, measured and difference of idle hosts with the limit', () => {
    const [visible, hidden] = [row(document, '50, visible'), row(document, '50, hidden')];
    assert.deepEqual(visible, ['3', '2.20 (2.10–2.40)', '2.90 (2.60–3.40)', '0.70', '1', '0.73']);
    assert.deepEqual(hidden, ['3', '2.00 (1.90–2.10)', '2.20 (2.10–2.30)', '0.20', '0.3', '0.20']);
    assert.deepEqual(row(document, '50 processes'), ['140', '150', '11']);
  });

  it('has tables whose rows are as wide as their heads', () => {
    const tables = document
      .trim()
      .split('\n\n')
      .filter((part) => part.startsWith('|'));
    assert.equal(tables.length, 6);
    for (const table of tables) {
      const widths = new Set(table.split('\n').map((line) => line.split('|').length));
      assert.equal(widths.size, 1, table);
    }
    assert.doesNotMatch(document, /NaN|undefined|Infinity/);
  });

  it('shows what there is when parts have failed, and says why they have', () => {
    const { version, seconds, clicks } = whole;
    const faults = { tree: 'Not seen within 60000 ms: a row.\nThere were: none' };
    const part = benchmarksDocument(
      results({ version, seconds, ...(clicks && { clicks }), faults }),
    );
    assert.deepEqual(row(part, 'stop: stopped'), ['3', '150 (149–160)', '21 (19–30)']);
    assert.match(part, /^Not measured: tree \(Not seen within 60000 ms: a row\.\)\.$/m);
    assert.doesNotMatch(part, /A tree of|NaN|undefined/);
  });
});
