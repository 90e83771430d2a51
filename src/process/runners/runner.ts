import type { Command } from '../../base/command.ts';

/** What a runner may look at. */
export interface RunnerContext {
  /** The directory of the process. Absolute. */
  readonly workdir: string;
  /** The workspace folder. Absolute. */
  readonly folder: string;
  /** The whole environment of the child: its PATH is the one that counts. */
  readonly env: Readonly<Record<string, string>>;
}

/** What is to be run. */
export interface RunnerCommand {
  /** A list is run as program and arguments, a string by the shell. */
  readonly command: Command;
  /** Laid over the child's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Makes a command line out of options. It starts nothing: how the process is started, watched and
 * stopped is the same for all of them.
 */
export interface Runner {
  /**
   * Asked before each start, and may take its time: looking for an interpreter, say.
   * @throws An error whose message says in words what is missing; it is shown as the reason.
   */
  resolve(
    options: Readonly<Record<string, unknown>>,
    context: RunnerContext,
  ): RunnerCommand | Promise<RunnerCommand>;
  /** The command line for people, who need not know which interpreter is found. */
  describe?(options: Readonly<Record<string, unknown>>): string;
}
