import * as l10n from '@vscode/l10n';
import { type Clock, systemClock } from '../base/clock.ts';
import { DevEnvError } from '../base/errors.ts';
import { unlessAborted } from '../base/unlessAborted.ts';
import { parseEnvFile } from '../config/envFile.ts';
import type { EnvCommand } from '../config/model.ts';
import { type Captured, captureOutput } from '../process/captureOutput.ts';

/** An environment is not larger than this. */
const maxOutputBytes = 1024 * 1024;

/** Starts that follow each other this closely belong together, and share what a program gave. */
export const sharedForMs = 5_000;

export interface EnvCommandContext {
  readonly workdir: string;
  /** What the program gets itself. */
  readonly env: Readonly<Record<string, string>>;
  /** What tells one run from another in `env`, and does not keep two of them from sharing. */
  readonly marks: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Hides secrets in what is said of a failure. */
  readonly mask: (text: string) => string;
}

interface Shared {
  readonly values: Promise<ReadonlyMap<string, string>>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * Runs the programs of `env_command`. A program that several processes name, with the same
 * directory and environment, runs once for all that start at about the same time.
 */
export class EnvCommands {
  readonly #clock: Clock;
  readonly #shared = new Map<string, Shared>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /**
   * What all of them give; later ones win.
   * @throws DevEnvError `env-command-failed` with what it said last, `cancelled`, or as spawning does
   */
  async values(
    commands: readonly EnvCommand[],
    context: EnvCommandContext,
  ): Promise<Record<string, string>> {
    const given = await Promise.all(commands.map((command) => this.#values(command, context)));
    return Object.fromEntries(given.flatMap((values) => [...values]));
  }

  async #values(
    command: EnvCommand,
    context: EnvCommandContext,
  ): Promise<ReadonlyMap<string, string>> {
    const key = JSON.stringify([command, context.workdir, Object.entries(context.env).sort()]);
    let shared = this.#shared.get(key);
    if (shared === undefined) {
      shared = this.#begin(key, command, context);
      this.#shared.set(key, shared);
    }
    const { signal } = context;
    const { stop } = shared;
    shared.waiting++;
    const leave = (): void => {
      if (--shared.waiting === 0) stop.abort();
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    try {
      return await unlessAborted(shared.values, signal);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #begin(key: string, command: EnvCommand, context: EnvCommandContext): Shared {
    const stop = new AbortController();
    const values = run(command, context, stop.signal);
    const forget = (): void => {
      this.#shared.delete(key);
    };
    // A failure is not kept: who tries again wants it tried.
    values.then(() => this.#clock.schedule(sharedForMs, forget), forget);
    stop.signal.addEventListener('abort', forget, { once: true });
    return { values, stop, waiting: 0 };
  }
}

async function run(
  { command, timeoutMs }: EnvCommand,
  { workdir, env, marks, mask }: EnvCommandContext,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const captured = await captureOutput({
    command,
    workdir,
    env: { ...env, ...marks },
    timeoutMs,
    signal,
    maxBytes: maxOutputBytes,
  });
  if (captured.end === 'aborted') throw new DevEnvError('cancelled', l10n.t('cancelled'));
  const problem = problemOf(captured, timeoutMs);
  if (problem === undefined) return parseEnvFile(captured.stdout);
  const said = lastLine(captured.stderr);
  // Only what it complains of: its output is what it was to give.
  const message =
    said === undefined
      ? l10n.t('env_command: {0}', problem)
      : l10n.t('env_command: {0}: {1}', problem, mask(said));
  throw new DevEnvError('env-command-failed', message);
}

function problemOf({ end, code, signal }: Captured, timeoutMs: number): string | undefined {
  if (end === 'timed-out') return l10n.t('no end after {0} ms, killed', timeoutMs);
  if (end === 'too-long') return l10n.t('more than 1 MB of output, killed');
  if (code === 0) return undefined;
  return code === undefined ? l10n.t('ended by {0}', signal ?? '?') : l10n.t('exit code {0}', code);
}

function lastLine(text: string): string | undefined {
  const line = text.trimEnd().split(/\r?\n/).at(-1)?.trim();
  return line === undefined || line === '' ? undefined : line.slice(0, 300);
}
