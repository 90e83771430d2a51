/**
 * One measurement, as JSON on stdout.
 *
 *     node bench/measure.ts starts
 */
import { measureChain } from './chain.ts';
import { measureFlood } from './flood.ts';
import { measureIdle } from './idle.ts';
import { measureStarts } from './starts.ts';
import { measureBadStops, measureStops } from './stops.ts';

const measurements = {
  starts: () => measureStarts(),
  chainTcp: () => measureChain('tcp'),
  chainLog: () => measureChain('log'),
  stops: () => measureStops(),
  badStops: () => measureBadStops(),
  flood: () => measureFlood(200),
  idle50: () => measureIdle(50),
  idle1000: () => measureIdle(1000),
};

export type Measurement = keyof typeof measurements;
export type Measurements = {
  readonly [Name in Measurement]: Awaited<ReturnType<(typeof measurements)[Name]>>;
};

if (import.meta.main) {
  const name = process.argv[2] ?? '';
  if (!(name in measurements)) {
    console.error(`There is no "${name}"; there are: ${Object.keys(measurements).join(', ')}.`);
    process.exit(2);
  }
  process.stdout.write(`${JSON.stringify(await measurements[name as Measurement]())}\n`);
}
