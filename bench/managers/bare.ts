import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manager } from './manager.ts';
import { endProgram, startProgram } from './program.ts';

/** A loop in Node that keeps no records, looks at nothing and proves nothing: the limit. */
export const bare: Manager = {
  name: 'bare loop',
  version: process.version,
  abilities: new Set(['dependencies', 'restart', 'log', 'thousand']),
  restartDelayMs: 0,
  start: (order) => {
    const file = join(order.folder, 'order.json');
    writeFileSync(file, JSON.stringify(order));
    const script = join(import.meta.dirname, 'bareLoop.mjs');
    const child = startProgram(process.execPath, [script, file], {
      cwd: order.folder,
      env: order.env,
    });
    return Promise.resolve({
      pid: () => child.pid,
      stop: () => endProgram(child, 'SIGTERM'),
      logPath: (job) => join(order.folder, `${job}.log`),
    });
  },
};
