import { readFileSync, writeFileSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '../../test/support/until.ts';
import { floodLineBytes, floodScript } from '../floodPrinter.ts';
import { Trial } from '../trial.ts';
import { cpuMs, memoryMb } from '../usage.ts';
import type { TurnsWorkload } from './workload.ts';

const megabyte = 1024 * 1024;
/** Who has not taken everything by then keeps its processes waiting for it, in ms. */
const patienceMs = 10_000;

export function floodWorkload(megabytes: number, rounds: number): TurnsWorkload {
  const lines = Math.floor((megabytes * megabyte) / floodLineBytes);
  return {
    id: 'flood',
    title: `A flood of ${String(megabytes)} MB`,
    text: 'One process prints as fast as it can. The time is its own, from its first write to its last. Processor and memory are those of the manager, until it has taken in everything; lines are those that can be found in its log afterwards. The bare loop gives the process the file itself.',
    figures: [
      { name: "writer's time", unit: 'ms', isRatio: true },
      { name: 'CPU of the manager', unit: 'ms' },
      { name: 'memory at its peak', unit: 'MB' },
      { name: 'lines missing', unit: '' },
    ],
    rounds,
    takes: () => true,
    measure: async (manager) => {
      await using trial = new Trial(manager);
      const script = join(trial.marks, '..', 'flood.cjs');
      const timeFile = join(trial.marks, 'time');
      writeFileSync(
        script,
        `const startMs = performance.now();\n${floodScript(lines)}\n` +
          `require('node:fs').writeFileSync(${JSON.stringify(timeFile)}, String(performance.now() - startMs));\n` +
          'setInterval(() => undefined, 1 << 30);\n',
      );
      const session = await trial.start([
        { name: 'flood', command: `exec ${process.execPath} ${script}` },
      ]);
      await trial.untilMarks(1, patienceMs);
      const writtenMs = await until('the time', () => Number(readFileSync(timeFile, 'utf8')));
      const logPath = session.logPath('flood');
      const missing = logPath === undefined ? undefined : lines - (await settled(logPath, lines));
      const pid = session.pid();
      if (pid === undefined) throw new Error('The manager has gone.');
      return [writtenMs, cpuMs(pid), memoryMb(pid).peak, missing];
    },
  };
}

/** The lines of the flood in the log, once they do not become more. */
async function settled(logPath: string, expected: number): Promise<number> {
  let last = -1;
  for (;;) {
    const found = await countLines(logPath);
    if (found >= expected || found === last) return found;
    last = found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Managers put a prefix before each line; the number of the line is followed by its filling. */
async function countLines(logPath: string): Promise<number> {
  let count = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(logPath) })) {
      if (/\d{12}\S* x{60}/.test(line)) count += 1;
    }
  } catch {
    // Not there yet.
  }
  return count;
}
