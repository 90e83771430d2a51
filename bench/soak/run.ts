import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type SoakReport, soak } from './soak.ts';

/**
 * `npm run soak`: half an hour, or `-- --minutes N`; writes what came of it to docs/reliability.md.
 * `--seed N` does the same things again, as far as the timing of the programs allows.
 */
const args = process.argv.slice(2);
const option = (name: string, standard: number): number => {
  const at = args.indexOf(`--${name}`);
  const value = at < 0 ? standard : Number(args[at + 1]);
  if (!Number.isFinite(value)) throw new Error(`--${name} wants a number.`);
  return value;
};
const minutes = option('minutes', 30);
const seed = option('seed', Date.now() % 100_000);
console.log(`A soak of ${minutes} minutes, seed ${seed}.`);

const report = await soak({
  durationMs: minutes * 60_000,
  random: mulberry32(seed),
  say: (line) => console.log(`  ${line}`),
});
console.log(
  JSON.stringify({ ...report, before: short(report.before), after: short(report.after) }, null, 2),
);
await write(report);
process.exitCode = report.problems.length === 0 ? 0 : 1;

function short({ processes: _processes, ...rest }: SoakReport['before']): unknown {
  return rest;
}

/** Tommy Ettinger's Mulberry32: 32 bits of state, good enough to choose what to do. */
function mulberry32(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function write({ actions, runs, before, after, problems }: SoakReport): Promise<void> {
  const file = path.join(import.meta.dirname, '..', '..', 'docs', 'reliability.md');
  const text = await readFile(file, 'utf8');
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const done = Object.entries(actions).map(([name, count]) => `${count} × ${name}`);
  const section = `<!-- soak -->

The newest run, ${minutes} minutes on ${new Date().toISOString().slice(0, 10)}: ${done.join(', ')}; ${runs} runs of 50 processes.

| In the host, all stopped | At half-time | In the end |
| --- | --- | --- |
| Heap in use | ${mb(before.heapBytes)} | ${mb(after.heapBytes)} |
| Resident memory | ${mb(before.residentBytes)} | ${mb(after.residentBytes)} |
| Open files | ${before.files} | ${after.files} |
| Timers, watchers, sockets | ${total(before)} | ${total(after)} |

${problems.length === 0 ? 'Nothing was left behind, and nothing ran twice.' : `Not well: ${problems.join(' ')}`}

<!-- /soak -->`;
  await writeFile(
    file,
    text.replace(/<!-- soak -->[\s\S]*<!-- \/soak -->/, () => section),
  );
}

function total({ resources }: SoakReport['before']): number {
  return Object.values(resources).reduce((sum, count) => sum + count, 0);
}
