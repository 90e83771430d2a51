import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Command } from '../base/command.ts';
import { identityOfChild } from './identity.ts';
import { killGroup } from './killGroup.ts';
import { planLaunch } from './launch.ts';
import { requireDirectory, spawnFailure } from './spawn.ts';

export interface CaptureSpec {
  readonly command: Command;
  /** Absolute. */
  readonly workdir: string;
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Ends the program early. */
  readonly signal: AbortSignal;
  /** More than this of each stream, in bytes, ends the program too. */
  readonly maxBytes: number;
}

export interface Captured {
  readonly end: 'exited' | 'timed-out' | 'aborted' | 'too-long';
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What still holds the pipes of a program that has ended may do so this long, in ms. */
const drainMs = 1_000;

/**
 * Runs a short program to its end and gives what it wrote, from memory: it may be secret. Its whole
 * group ends with it, and at the latest when the time is up.
 * @throws DevEnvError `workdir-missing`, `command-not-found`, `spawn-failed`
 */
export async function captureOutput(spec: CaptureSpec): Promise<Captured> {
  const { command, workdir, env, timeoutMs, signal: abortSignal, maxBytes } = spec;
  requireDirectory(workdir);
  const launch = planLaunch(command, workdir, env);
  const child = spawn(launch.file, launch.args, {
    cwd: workdir,
    env: process.platform === 'win32' ? env : { ...env, PWD: workdir },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
    windowsVerbatimArguments: launch.isVerbatim,
  });
  return new Promise((resolve, reject) => {
    let end: Captured['end'] = 'exited';
    let status: Pick<Captured, 'code' | 'signal'> = { code: undefined, signal: undefined };
    let drain: NodeJS.Timeout | undefined;
    const finish = (): void => {
      release();
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ ...status, end, stdout: stdout(), stderr: stderr() });
    };
    const endGroup = (): void => {
      if (child.pid !== undefined) void killGroup(identityOfChild(child.pid));
      // Who has left the group and keeps the pipes is not waited for, nor who cannot be killed.
      drain ??= setTimeout(finish, drainMs);
    };
    const giveUp = (why: Captured['end']): void => {
      if (end === 'exited') end = why;
      endGroup();
    };
    const stdout = collect(child.stdout, maxBytes, () => giveUp('too-long'));
    const stderr = collect(child.stderr, maxBytes, () => giveUp('too-long'));
    const timer = setTimeout(() => giveUp('timed-out'), timeoutMs);
    const abort = (): void => giveUp('aborted');
    const release = (): void => {
      clearTimeout(timer);
      clearTimeout(drain);
      abortSignal.removeEventListener('abort', abort);
    };
    abortSignal.addEventListener('abort', abort, { once: true });
    if (abortSignal.aborted) abort();
    child.on('error', (error) => {
      // Later ones are about signals, and tell nothing that the end does not.
      if (child.pid !== undefined) return;
      release();
      reject(spawnFailure(command, error));
    });
    child.once('exit', (code, signal) => {
      status = { code: code ?? undefined, signal: signal ?? undefined };
      endGroup();
    });
    child.once('close', finish);
  });
}

/** Gathers a stream up to a size; gives the text of what came so far. */
function collect(stream: Readable, maxBytes: number, onTooLong: () => void): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) onTooLong();
    else chunks.push(chunk);
  });
  stream.on('error', () => undefined);
  return () => Buffer.concat(chunks).toString('utf8');
}
