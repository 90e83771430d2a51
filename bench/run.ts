/**
 * All measurements: prints a table, writes bench/results.json, and fails when a bound is passed.
 *
 *     npm run bench
 */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { measureChain } from './chain.ts';
import { isWithinBounds, measureFlood } from './flood.ts';
import { measureStarts } from './starts.ts';
import type { Comparison } from './support.ts';

const comparisons: Record<string, Comparison> = {
  '100 starts / bare spawn loop': await measureStarts(),
  'chain of 10 (tcp) / sum of own times': await measureChain('tcp'),
  'chain of 10 (log) / sum of own times': await measureChain('log'),
};
const rounded = (value: number): number => Math.round(value * 100) / 100;
console.table(
  Object.fromEntries(
    Object.entries(comparisons).map(([name, result]) => [
      name,
      {
        rounds: result.rounds,
        'baseline ms': rounded(result.baselineMs),
        'dev env ms': rounded(result.measuredMs),
        ratio: rounded(result.ratio),
        bound: result.bound,
        within: result.isWithin,
      },
    ]),
  ),
);
const flood = await measureFlood(200);
console.table(flood);

writeFileSync(
  new URL('results.json', import.meta.url),
  `${JSON.stringify(
    {
      at: new Date().toISOString(),
      machine: {
        platform: process.platform,
        arch: process.arch,
        cpus: os.cpus().length,
        cpu: os.cpus()[0]?.model,
        memoryGb: Math.round(os.totalmem() / 2 ** 30),
        node: process.version,
      },
      comparisons,
      flood,
    },
    undefined,
    2,
  )}\n`,
);
if (!isWithinBounds(flood) || Object.values(comparisons).some((result) => !result.isWithin)) {
  process.exitCode = 1;
}
