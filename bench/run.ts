/**
 * All measurements, beside the rivals: prints them, and writes bench/results.json and
 * docs/benchmarks.md. With `--quick` a small round of this project and the bare loop alone, which
 * writes nothing and fails when something does not come out as it must; it looks at counts only.
 *
 *     npm run bench [-- --quick] [--only start-20,stop] [--rounds 1] [--without-rivals]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { installServer } from '../scripts/host/installServer.ts';
import { repositoryRoot } from '../scripts/host/paths.ts';
import { runTool } from '../scripts/host/runTool.ts';
import { errorMessage } from '../src/base/errors.ts';
import { benchmarksDocument } from './document.ts';
import type { EditorResults } from './editorResults.ts';
import { installRivals, type Rivals } from './install.ts';
import { bare } from './managers/bare.ts';
import { devEnv, warmUp } from './managers/devEnv.ts';
import { measureWorkload } from './measure.ts';
import { checkQuickly } from './quick.ts';
import type { Results, WorkloadResult } from './results.ts';
import { scratchFolder } from './trial.ts';
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
  const only = options.only?.split(',');
  // All that is fetched, before anything is measured.
  const hasEditor = only === undefined || only.includes('editor');
  const [rivals, editorFault] = await Promise.all([
    findRivals(only),
    hasEditor ? prepareEditor() : 'It was not asked for.',
  ]);
  const managers = [bare, devEnv, ...rivals.managers];
  const rounds = options.rounds === undefined ? undefined : Number(options.rounds);
  const workloads: WorkloadResult[] = [];
  await warmUp(scratchFolder());
  for (const workload of fullWorkloads) {
    if (only !== undefined && !only.includes(workload.id)) continue;
    const planned = rounds === undefined ? workload : { ...workload, rounds };
    workloads.push(await measureWorkload(planned, managers, say));
  }
  const editor = await measureEditor(editorFault);
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

async function findRivals(only: readonly string[] | undefined): Promise<Rivals> {
  const areUnneeded = only?.every((id) => id === 'editor') === true;
  if (options['without-rivals'] || areUnneeded) return { managers: [], missing: {} };
  say('Installing what is not there yet:');
  return installRivals(say);
}

/** A VS Code to measure in, and the packaged extension; says what there is against it. */
async function prepareEditor(): Promise<string | undefined> {
  try {
    await installServer(say);
    await runTool(process.execPath, [join(repositoryRoot, 'scripts', 'package.ts')]);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}

/** In a program of its own: it has a VS Code to start, and may fail without that. */
async function measureEditor(fault: string | undefined): Promise<EditorResults | undefined> {
  say('\nIn VS Code');
  try {
    if (fault !== undefined) throw new Error(fault);
    return await readEditor();
  } catch (error) {
    say(errorMessage(error));
    return undefined;
  }
}

/** Its progress is shown as it comes. */
async function readEditor(): Promise<EditorResults> {
  const counted = options.rounds === undefined ? [] : ['--rounds', options.rounds];
  const child = spawn(process.execPath, [join(import.meta.dirname, 'editor.ts'), ...counted], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const endChild = (): void => void child.kill();
  process.once('exit', endChild);
  try {
    const [output, ended] = await Promise.all([text(child.stdout), once(child, 'close')]);
    const [code] = ended as [number | null];
    if (code !== 0) throw new Error(`bench/editor.ts exited with ${String(code)}.`);
    return JSON.parse(output) as EditorResults;
  } finally {
    process.off('exit', endChild);
  }
}
