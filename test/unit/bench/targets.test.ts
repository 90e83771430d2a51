import assert from 'node:assert/strict';
import { targetsSection } from '../../../bench/documentTargets.ts';
import type { ManagerResult, WorkloadResult } from '../../../bench/results.ts';

/** Results of a workload with one round for each manager: values by the name of the figure. */
function workload(
  id: string,
  values: Readonly<Record<string, Readonly<Record<string, number>>>>,
): WorkloadResult {
  const names = Object.keys(Object.values(values)[0] ?? {});
  return {
    ...{ id, title: `Title of ${id}`, text: '', rounds: 1 },
    figures: names.map((name) => ({ name, unit: 'ms' })),
    managers: Object.entries(values).map(([manager, figures]): ManagerResult => ({
      manager,
      probes: manager === 'dev-env' || manager === 'prober',
      figures: Object.fromEntries(
        Object.entries(figures).map(([name, value]) => [
          name,
          {
            ...{ values: [value], median: value },
            ratio: value / (values['bare loop']?.[name] ?? Number.NaN),
          },
        ]),
      ),
    })),
  };
}

/** The cells of the rows about a workload. */
function rows(document: string, title: string): string[][] {
  return document
    .split('\n')
    .filter((line) => line.startsWith(`| ${title}`))
    .map((line) =>
      line
        .split('|')
        .slice(2, -1)
        .map((cell) => cell.trim()),
    );
}

describe('What the benchmarks aim at', () => {
  const document = targetsSection({
    workloads: [
      workload('start-20', {
        'bare loop': { time: 100 },
        'dev-env': { time: 160 },
        quick: { time: 90 },
        slow: { time: 500 },
      }),
      workload('chain', { 'bare loop': { time: 1000 }, 'dev-env': { time: 1090 } }),
      workload('crash', { 'bare loop': { time: 1 }, 'dev-env': { time: 12.34 } }),
      workload('stop', {
        'bare loop': { time: 2000, survivors: 1 },
        'dev-env': { time: 2100, survivors: 0 },
        slow: { time: 4000, survivors: 3 },
      }),
      workload('idle-50', {
        'bare loop': { CPU: 0, all: 40 },
        'dev-env': { CPU: 0.2, all: 80 },
        prober: { CPU: 0.1, all: 90 },
        blind: { CPU: 0.05, all: 70 },
      }),
    ],
  });

  it('is compared with the limit and with every rival', () => {
    assert.deepEqual(rows(document, 'Title of start-20'), [
      ['at most 1.5 × the bare loop', '1.60 ×', 'no'],
      ['ahead of every rival', 'behind quick, ahead of 1', 'no'],
    ]);
    assert.deepEqual(rows(document, 'Title of chain'), [
      ['at most 1.1 × the bare loop', '1.09 ×', 'yes'],
    ]);
    assert.deepEqual(rows(document, 'Title of crash'), [
      ['at most 20 ms beyond the delay', '12.3 ms beyond the delay', 'yes'],
    ]);
    assert.deepEqual(rows(document, 'Title of stop'), [
      ['at most 1.5 × the bare loop', '1.05 ×', 'yes'],
      ['ahead of every rival', 'ahead of all 1', 'yes'],
      ['no survivor', '0 in 1 rounds', 'yes'],
    ]);
  });

  it('compares what does nothing only with those who probe', () => {
    assert.deepEqual(rows(document, 'Title of idle-50: CPU'), [
      ['below every rival that also probes', 'behind prober, ahead of 0', 'no'],
    ]);
  });

  it('is explained once where it is missed, and only there', () => {
    assert.equal(document.match(/^- A start: /gm)?.length, 1);
    assert.equal(document.match(/^- Doing nothing: /gm)?.length, 1);
    assert.doesNotMatch(document, /^- (A stop|The flood)/m);
    assert.doesNotMatch(document, /NaN|undefined/);
  });

  it('is not spoken of when nothing of it was measured', () => {
    assert.equal(targetsSection({ workloads: [] }), '');
  });
});
