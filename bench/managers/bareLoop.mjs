// The least that could be done: starts each job as soon as its dependencies have said their line,
// with its output in a file; at SIGTERM signals the process groups and waits for their leaders.
//
// Usage: node bareLoop.mjs ORDER.json
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const { jobs, folder, graceMs } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const running = new Map();
const ready = new Set();
const started = new Set();
let isStopping = false;

function startWhatCan() {
  for (const job of jobs) {
    if (started.has(job.name) || !(job.dependsOn ?? []).every((name) => ready.has(name))) continue;
    started.add(job.name);
    start(job);
  }
}

function start(job) {
  const isHeard = job.readyLine !== undefined;
  const log = isHeard ? 'pipe' : openSync(join(folder, `${job.name}.log`), 'a');
  const child = spawn('/bin/sh', ['-c', job.command], {
    stdio: ['ignore', log, 'ignore'],
    detached: true,
  });
  if (!isHeard) closeSync(log);
  running.set(job.name, child);
  child.stdout?.once('data', () => {
    ready.add(job.name);
    startWhatCan();
  });
  child.once('exit', () => {
    running.delete(job.name);
    if (isStopping && running.size === 0) process.exit(0);
    if (!isStopping && job.isRestarted) start(job);
  });
}

process.on('SIGTERM', () => {
  isStopping = true;
  if (running.size === 0) process.exit(0);
  const signal = (name) => {
    for (const { pid } of running.values()) {
      try {
        process.kill(-pid, name);
      } catch {
        // All of it has ended.
      }
    }
  };
  signal('SIGTERM');
  setTimeout(() => signal('SIGKILL'), graceMs);
});

startWhatCan();
setInterval(() => undefined, 1 << 30);
