import { figureCell, figureRow, markdownTable } from './documentTable.ts';
import type { FloodResult, IdleCost, IdleResult, Rounds } from './editorResults.ts';
import { median } from './statistics.ts';

/** What the extension is held to; CPU in % of a core above the base. */
const limits = {
  floodDelayP99Ms: 100,
  floodGrowthMb: 64,
  idleCpuPercent: new Map([
    [50, { visible: 1, hidden: 0.3 }],
    [1000, { visible: 5, hidden: 1 }],
  ]),
};

/** The extension host while a process floods its output channel. */
export function floodPart({ megabytes, rounds }: FloodResult): string[] {
  return [
    '### A flood of output, in the editor',
    `A process prints ${megabytes} MB as fast as it can while its output channel is shown. The delay ` +
      "of the extension host's event loop is measured in it, by `perf_hooks`; memory is the peak of " +
      'what is resident above what it was.',
    markdownTable(
      ['', 'rounds', 'Dev Env', 'at most'],
      [
        figureRow('seconds', of(rounds, 'seconds'), [], 1),
        figureRow('event loop delay, 99 %, ms', of(rounds, 'delayP99Ms'), [limits.floodDelayP99Ms]),
        figureRow('event loop delay, the longest, ms', of(rounds, 'delayMaxMs')),
        figureRow('memory growth, MB', of(rounds, 'memoryGrowthMb'), [limits.floodGrowthMb]),
        [
          'logs complete',
          String(rounds.length),
          String(rounds.filter(({ isComplete }) => isComplete).length),
          String(rounds.length),
        ],
      ],
    ),
  ];
}

function of<Name extends string>(rounds: readonly Record<Name, number>[], name: Name): Rounds {
  return rounds.map((round) => round[name]);
}

/** The extension host while nothing happens. */
export function idlePart(idle: readonly IdleResult[]): string[] {
  return [
    '### Doing nothing, in the editor',
    'The extension host as a whole, % of a core, while all processes sleep; and beside it, measured at ' +
      'the same time, that of a window (base) that has the same file open and runs nothing. Medians of ' +
      `slices of ${idle[0]?.sliceSeconds ?? 0} s with the smallest and the largest; the difference is ` +
      'that of the medians. VS Code itself wakes up for a moment every few seconds, in either window: ' +
      'the medians lie between these bursts, and the means contain them.',
    markdownTable(
      [
        'processes, view',
        'slices',
        'base',
        'measured',
        'difference',
        'at most',
        'difference of means',
      ],
      idle.flatMap((one) => [idleRow(one, 'visible'), idleRow(one, 'hidden')]),
    ),
    markdownTable(
      ['memory, MB', 'base', 'measured', 'difference'],
      idle.map(({ processes, memoryMb, baseMemoryMb }) => [
        `${processes} processes`,
        ...[baseMemoryMb, memoryMb, memoryMb - baseMemoryMb].map((mb) => mb.toFixed(0)),
      ]),
    ),
  ];
}

function idleRow(result: IdleResult, view: 'visible' | 'hidden'): string[] {
  const { base, measured }: IdleCost = result[view];
  const limit = limits.idleCpuPercent.get(result.processes)?.[view];
  return [
    `${result.processes}, ${view}`,
    String(measured.length),
    figureCell(base, 2),
    figureCell(measured, 2),
    (median(measured) - median(base)).toFixed(2),
    limit === undefined ? '' : String(limit),
    (mean(measured) - mean(base)).toFixed(2),
  ];
}

function mean(values: Rounds): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
