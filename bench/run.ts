/**
 * All measurements, beside the rivals: prints them, and writes bench/results.json and
 * docs/benchmarks.md. With `--quick` a small round of this project and the bare loop alone, which
 * writes nothing and fails when something does not come out as it must; it looks at counts only.
 *
 *     npm run bench [-- --quick] [--only start-20,stop] [--rounds 1] [--without-rivals]
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../scripts/host/paths.ts';
import { runTool } from '../scripts/host/runTool.ts';
import { benchmarksDocument } from './document.ts';
import { installRivals, type Rivals } from './install.ts';
import { bare } from './managers/bare.ts';
import { devEnv } from './managers/devEnv.ts';
import { measureWorkload } from './measure.ts';
import { checkQuickly } from './quick.ts';
import type { Results, WorkloadResult } from './results.ts';
import { fullWorkloads } from './workloads/all.ts';

const say = (line: string): void => {
  console.log(line);
};
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    'without-rivals': { type: 'boolean', default: false },
  },
});

if (process.platform !== 'linux') {
  say('The benchmarks read the process table of Linux.');
  process.exit(0);
}
if (!existsSync(join(repositoryRoot, 'dist', 'cli.cjs')) || !options.quick) {
  await runTool(process.execPath, [join(repositoryRoot, 'esbuild.js'), '--production'], {
    cwd: repositoryRoot,
  });
}
if (options.quick) process.exitCode = (await checkQuickly(say)) ? 0 : 1;
else await runAll();

async function runAll(): Promise<void> {
  const startMs = performance.now();
  const load = os.loadavg()[0] ?? 0;
  const rivals = await findRivals();
  const managers = [bare, devEnv, ...rivals.managers];
  const only = options.only?.split(',');
  const rounds = options.rounds === undefined ? undefined : Number(options.rounds);
  const workloads: WorkloadResult[] = [];
  for (const workload of fullWorkloads) {
    if (only !== undefined && !only.includes(workload.id)) continue;
    const planned = rounds === undefined ? workload : { ...workload, rounds };
    workloads.push(await measureWorkload(planned, managers, say));
  }
  const editor = only === undefined || only.includes('editor') ? await measureEditor() : undefined;
  const results: Results = {
    at: new Date().toISOString(),
    seconds: (performance.now() - startMs) / 1000,
    machine: {
      system: `${os.type()} ${os.release()} ${os.arch()}`,
      cpu: os.cpus()[0]?.model ?? 'unknown processor',
      cpus: os.cpus().length,
      memoryGb: Math.round(os.totalmem() / 2 ** 30),
      node: process.version,
      load,
    },
    versions: Object.fromEntries(
      managers.filter(({ name }) => name !== bare.name).map(({ name, version }) => [name, version]),
    ),
    missing: rivals.missing,
    workloads,
    ...(editor === undefined ? {} : { editor }),
  };
  // A part of the measurements says nothing of the whole.
  const isWhole = only === undefined && rounds === undefined;
  const folder = isWhole ? repositoryRoot : join(repositoryRoot, 'out');
  const [json, markdown] = isWhole
    ? ['bench/results.json', 'docs/benchmarks.md']
    : ['results.json', 'benchmarks.md'];
  await writeFile(join(folder, json), `${JSON.stringify(results, undefined, 2)}\n`);
  await writeFile(join(folder, markdown), benchmarksDocument(results));
  say(`\n${join(folder, markdown)}: ${(results.seconds / 60).toFixed(1)} minutes`);
}

async function findRivals(): Promise<Rivals> {
  if (options['without-rivals']) return { managers: [], missing: {} };
  say('Installing what is not there yet:');
  return installRivals(say);
}

/** In a program of its own: it has a VS Code to start, and may fail without that. */
async function measureEditor(): Promise<unknown> {
  const script = join(import.meta.dirname, 'editor.ts');
  if (!existsSync(script)) return undefined;
  say('\nIn VS Code');
  try {
    await runTool(process.execPath, [join(repositoryRoot, 'scripts', 'package.ts')]);
    return JSON.parse(await runTool(process.execPath, [script], { cwd: repositoryRoot }));
  } catch (error) {
    say(String(error));
    const reported = join(repositoryRoot, 'out', 'editor.json');
    return existsSync(reported) ? JSON.parse(await readFile(reported, 'utf8')) : undefined;
  }
}
