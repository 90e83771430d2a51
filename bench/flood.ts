/**
 * What a flood of output costs the process that follows it: a child prints 200 MB to its log file
 * as fast as it can, while one tail follows the file. Prints the figures, and fails when they are
 * beyond the bounds: event loop delay (99th percentile) under 100 ms, memory growth under 64 MB,
 * log complete.
 *
 *     node bench/flood.ts [megabytes]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { stripAnsi } from '../src/store/ansi.ts';
import { openLogFile } from '../src/store/logFile.ts';
import { LogTail } from '../src/store/logTail.ts';
import { OutputBudget } from '../src/store/outputBudget.ts';
import { floodLineBytes, floodLineNumber, floodScript, holdsWholeFlood } from './floodPrinter.ts';

const megabyte = 1024 * 1024;
export interface FloodResult {
  readonly megabytes: number;
  readonly seconds: number;
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  readonly memoryGrowthMb: number;
  readonly linesDelivered: number;
  readonly linesShown: number;
  readonly isComplete: boolean;
  readonly hasLastLine: boolean;
}

export function isWithinBounds(result: FloodResult): boolean {
  return (
    result.loopDelayP99Ms < 100 &&
    result.memoryGrowthMb < 64 &&
    result.isComplete &&
    result.hasLastLine
  );
}

export async function measureFlood(megabytes: number): Promise<FloodResult> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'dev-env-flood-'));
  try {
    return await flood(path.join(folder, '1.log'), megabytes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function flood(file: string, megabytes: number): Promise<FloodResult> {
  const total = Math.floor((megabytes * megabyte) / floodLineBytes);
  const budget = new OutputBudget(Date.now());
  let linesDelivered = 0;
  let linesShown = 0;
  let lastLine = '';
  const fd = openLogFile(file);
  const tail = new LogTail({
    path: file,
    onLines: (lines) => {
      linesDelivered += lines.length;
      const { lines: shown } = budget.take(lines, Date.now());
      linesShown += shown.map(stripAnsi).length;
      lastLine = stripAnsi(lines.at(-1) ?? '');
    },
    onSkipped: (bytes) => budget.skip(bytes),
  });

  global.gc?.();
  const memoryBefore = process.memoryUsage().rss;
  let memoryPeak = memoryBefore;
  const sampler = setInterval(() => {
    memoryPeak = Math.max(memoryPeak, process.memoryUsage().rss);
  }, 20);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const startMs = Date.now();
  const child = spawn(process.execPath, ['-e', floodScript(total)], {
    stdio: ['ignore', fd, fd],
  });
  closeSync(fd);
  await once(child, 'close');
  await tail.flush();
  const seconds = (Date.now() - startMs) / 1000;
  delay.disable();
  clearInterval(sampler);
  tail.dispose();

  return {
    megabytes,
    seconds,
    loopDelayP99Ms: delay.percentile(99) / 1e6,
    loopDelayMaxMs: delay.max / 1e6,
    memoryGrowthMb: (memoryPeak - memoryBefore) / megabyte,
    linesDelivered,
    linesShown,
    isComplete: await holdsWholeFlood(file, total),
    hasLastLine: floodLineNumber(lastLine) === total - 1,
  };
}

if (import.meta.main) {
  const result = await measureFlood(Number(process.argv[2] ?? 200));
  console.table(result);
  if (!isWithinBounds(result)) process.exitCode = 1;
}
