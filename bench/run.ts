/**
 * All measurements: prints tables, writes bench/results.json and docs/benchmarks.md, and fails when
 * a bound is passed.
 *
 *     npm run bench
 */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { benchmarksDocument } from './document.ts';
import { isWithinBounds } from './flood.ts';
import type { Measurement, Measurements } from './measure.ts';
import type { HostFlood, Results } from './results.ts';

const file = (path: string): URL => new URL(path, import.meta.url);

const { version } = JSON.parse(await readFile(file('../package.json'), 'utf8')) as {
  version: string;
};
const machine: Results['machine'] = {
  system: `${os.type()} ${os.release()} ${os.arch()}`,
  cpu: os.cpus()[0]?.model ?? 'unknown processor',
  cpus: os.cpus().length,
  memoryGb: Math.round(os.totalmem() / 2 ** 30),
  node: process.version,
  load: os.loadavg()[0] ?? 0,
};

const comparisons = {
  'start 100 processes': await measureApart('starts'),
  'chain of 10, each ready by TCP after 100 ms': await measureApart('chainTcp'),
  'chain of 10, each ready by a line after 100 ms': await measureApart('chainLog'),
  'stop 50 process trees': await measureApart('stops'),
};
const badStops = await measureApart('badStops');
const flood = await measureApart('flood');
const idle = [await measureApart('idle50'), await measureApart('idle1000')];
const results: Results = {
  at: new Date().toISOString(),
  machine,
  devEnv: version,
  comparisons,
  badStops,
  flood,
  hostFlood: await hostFlood(),
  idle,
};

console.table(
  Object.fromEntries(
    Object.entries(comparisons).map(([name, result]) => [
      name,
      {
        rounds: result.rounds,
        'bare ms': Math.round(result.baselineMs),
        'dev env ms': Math.round(result.measuredMs),
        ratio: Number(result.ratio.toFixed(2)),
        'at most': result.bound,
        within: result.isWithin,
      },
    ]),
  ),
);
console.table(badStops);
console.table(flood);
console.table(idle);
await writeFile(file('results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
await writeFile(file('../docs/benchmarks.md'), benchmarksDocument(results));

if (
  !isWithinBounds(flood) ||
  badStops.survivors > 0 ||
  Object.values(comparisons).some((result) => !result.isWithin)
) {
  process.exitCode = 1;
}

/** In a process of its own: memory in use makes every fork slower. */
async function measureApart<Name extends Measurement>(name: Name): Promise<Measurements[Name]> {
  const script = fileURLToPath(file('measure.ts'));
  const { stdout } = await promisify(execFile)(process.execPath, [script, name]);
  return JSON.parse(stdout) as Measurements[Name];
}

async function hostFlood(): Promise<HostFlood | undefined> {
  try {
    return JSON.parse(await readFile(file('../out/host-flood.json'), 'utf8')) as HostFlood;
  } catch {
    return undefined;
  }
}
