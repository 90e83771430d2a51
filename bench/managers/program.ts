import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts the program of a manager, with its output in `manager.log` of its folder. */
export function startProgram(
  file: string,
  args: readonly string[],
  { cwd, env }: ProgramOptions,
): ChildProcess {
  const log = openSync(join(cwd, 'manager.log'), 'a');
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  return child;
}

/** Sends a signal to the manager alone, and waits until it has ended. */
export async function endProgram(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
