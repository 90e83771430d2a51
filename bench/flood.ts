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
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { stripAnsi } from '../src/store/ansi.ts';
import { openLogFile } from '../src/store/logFile.ts';
import { LogTail } from '../src/store/logTail.ts';
import { OutputBudget } from '../src/store/outputBudget.ts';

const megabyte = 1024 * 1024;
/** Each line says its own number, so that none can be missing or doubled unseen. */
const lineBytes = 100;

/** The fastest a Node program can print: big writes of many lines. */
const printer = `
const total = Number(process.argv[1]);
const { writeSync } = require('node:fs');
const perBlock = 640;
for (let i = 0; i < total; i += perBlock) {
  let block = '';
  for (let j = i; j < Math.min(total, i + perBlock); j += 1) {
    block += '\\x1b[32m' + String(j).padStart(12, '0') + '\\x1b[0m ' + 'x'.repeat(${lineBytes} - 23) + '\\n';
  }
  let bytes = Buffer.from(block);
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(1, bytes));
}`;

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
  const total = Math.floor((megabytes * megabyte) / lineBytes);
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
  const child = spawn(process.execPath, ['-e', printer, String(total)], {
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
    isComplete: await isComplete(file, total),
    hasLastLine: lastLine.startsWith(String(total - 1).padStart(12, '0')),
  };
}

/** Whether the file holds every line, once and in order. */
async function isComplete(file: string, total: number): Promise<boolean> {
  const handle = await open(file);
  let next = 0;
  for await (const line of handle.readLines()) {
    if (Number(stripAnsi(line).slice(0, 12)) !== next) return false;
    next += 1;
  }
  return next === total;
}

if (import.meta.main) {
  const result = await measureFlood(Number(process.argv[2] ?? 200));
  console.table(result);
  if (!isWithinBounds(result)) process.exitCode = 1;
}
