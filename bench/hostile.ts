/**
 * What files cost that are there to be a burden (megabytes of one thing, aliases that multiply, deep
 * nesting): the whole time of reading each, and the longest stretch of it in which nothing else could
 * be done. Prints a table, and writes the worst into docs/reliability.md.
 *
 *     npm run bench:files [-- --rounds 5]
 */
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config/load.ts';
import { repositoryRoot } from '../scripts/host/paths.ts';
import { type HostileFile, hostileFiles } from '../test/support/hostileFiles.ts';
import { figureCell, markdownTable } from './documentTable.ts';
import { median } from './statistics.ts';

/** The worst that are shown. */
const shown = 5;

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });

interface Cost {
  readonly title: string;
  readonly wholeMs: number[];
  readonly stretchMs: number[];
}

const load = os.loadavg()[0] ?? 0;
// What is compiled by the first ones is not what a file costs.
for (const file of hostileFiles) await measure(file);
const costs: Cost[] = hostileFiles.map(({ title }) => ({ title, wholeMs: [], stretchMs: [] }));
for (let round = 0; round < Number(options.rounds); round += 1) {
  for (const [index, file] of hostileFiles.entries()) {
    const { wholeMs, stretchMs } = await measure(file);
    costs[index]?.wholeMs.push(wholeMs);
    costs[index]?.stretchMs.push(stretchMs);
  }
}
costs.sort((a, b) => median(b.stretchMs) - median(a.stretchMs));
const rows = costs.map(({ title, wholeMs, stretchMs }) => [
  title,
  figureCell(stretchMs, 0),
  figureCell(wholeMs, 0),
]);
const head = ['', 'longest stretch, ms', 'whole, ms'];
console.log(markdownTable(head, rows));
await writeDocument();

async function measure({ text }: HostileFile): Promise<{ wholeMs: number; stretchMs: number }> {
  const folder = repositoryRoot;
  let stretchMs = 0;
  let lastMs = performance.now();
  const startMs = lastMs;
  let isOver = false;
  const look = (): void => {
    const nowMs = performance.now();
    stretchMs = Math.max(stretchMs, nowMs - lastMs);
    lastMs = nowMs;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await loadConfig({ text, configPath: join(folder, 'dev-env.yaml'), folder, hostEnv: {} });
  isOver = true;
  look();
  return { wholeMs: lastMs - startMs, stretchMs };
}

async function writeDocument(): Promise<void> {
  const file = join(repositoryRoot, 'docs', 'reliability.md');
  const at = new Date().toISOString().slice(0, 10);
  const section = `<!-- files -->

Measured on ${at} with Node ${process.version} on ${os.cpus()[0]?.model ?? 'an unknown processor'}, at a load of ${load.toFixed(1)}: ${String(costs.length)} files, ${options.rounds} rounds, medians with the smallest and the largest. The worst:

${markdownTable(head, rows.slice(0, shown))}

<!-- /files -->`;
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text.replace(/<!-- files -->[\s\S]*<!-- \/files -->/, () => section),
  );
}
