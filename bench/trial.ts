import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findMarked, type MarkedProcess } from '../scripts/host/processTable.ts';
import { until } from '../test/support/until.ts';
import type { Job, Manager, Session } from './managers/manager.ts';
import { stateHome } from '../src/store/stateFolder.ts';

/** What everything carries that a trial starts. */
const markVariable = 'DEV_ENV_BENCH';
/** After this, whatever is waited for does not come any more; in ms. */
const patienceMs = 120_000;

let scratch: string | undefined;

/**
 * A new folder for one measurement. It is where the state of real environments is, because what a
 * new file costs depends on the neighbourhood: in a busy /tmp on ext4, twenty times as much, since
 * the search for a free inode goes past those that were freed within the last minute. For the same
 * reason everything is removed at the end only.
 */
export function scratchFolder(): string {
  if (scratch === undefined) {
    const parent = path.dirname(stateHome());
    mkdirSync(parent, { recursive: true });
    const made = mkdtempSync(path.join(parent, 'dev-env-bench-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    scratch = made;
  }
  return mkdtempSync(path.join(scratch, 'run-'));
}

/** One run of one manager on one order, with all that it leaves cleaned up. */
export class Trial implements AsyncDisposable {
  readonly manager: Manager;
  /** Where jobs leave a file when they get somewhere; see `mark`. */
  readonly marks: string;
  readonly #folder: string;
  readonly #id = randomUUID();
  readonly #graceMs: number;
  #session: Session | undefined;
  #startedMs = 0;

  constructor(manager: Manager, graceMs = 2_000) {
    this.manager = manager;
    this.#graceMs = graceMs;
    this.#folder = scratchFolder();
    this.marks = path.join(this.#folder, 'marks');
    mkdirSync(this.marks);
  }

  /** A shell command that leaves a file, whose time says when it was here. */
  mark(name: string): string {
    return `: > ${path.join(this.marks, name)}`;
  }

  /** Gives the order, again or for the first time. */
  async start(jobs: readonly Job[]): Promise<Session> {
    const work = path.join(this.#folder, 'work');
    mkdirSync(work, { recursive: true });
    const env = { ...process.env, [markVariable]: this.#id };
    this.#startedMs = Date.now();
    this.#session = await this.manager.start({ jobs, folder: work, env, graceMs: this.#graceMs });
    return this.#session;
  }

  get session(): Session {
    if (this.#session === undefined) throw new Error('Nothing was started.');
    return this.#session;
  }

  /** From the order to the last of so many marks, in ms. */
  async untilMarks(count: number, limitMs = patienceMs): Promise<number> {
    const names = await until(
      `${String(count)} marks of ${this.manager.name}`,
      () => {
        const found = readdirSync(this.marks);
        return found.length >= count ? found : undefined;
      },
      limitMs,
      { everyMs: 10, describe: () => `There are ${String(readdirSync(this.marks).length)}.` },
    );
    const times = names.map((name) => statSync(path.join(this.marks, name)).mtimeMs);
    return Math.max(...times) - this.#startedMs;
  }

  /** Everything that was started and lives. */
  living(): MarkedProcess[] {
    return findMarked(markVariable).filter(({ value }) => value === this.#id);
  }

  /** The jobs that live: what runs `sleep` with this many seconds. */
  jobs(seconds: number): MarkedProcess[] {
    return this.living().filter(({ commandLine }) => commandLine === `sleep ${String(seconds)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The manager first, or it would start again what ends.
    const pid = this.#session?.pid();
    if (pid !== undefined) kill(pid);
    await until(
      `the end of ${this.manager.name}`,
      () => {
        const left = this.living();
        for (const one of left) kill(one.pid);
        return left.length === 0;
      },
      patienceMs,
      { everyMs: 20 },
    );
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Ended by itself.
  }
}

/** An address of this machine that is not the loopback one; undefined when there is none. */
export function ownAddress(): string | undefined {
  return Object.values(os.networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}
