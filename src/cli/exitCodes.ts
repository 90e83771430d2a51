/** What the command ends with; documented in docs/cli.md. */
export const exitCodes = {
  /** What was asked for is the case. */
  ok: 0,
  /** A process failed, or did not do what was asked for. */
  failed: 1,
  /** The command line makes no sense: an unknown command, option or name. */
  usage: 2,
  /** There is no file, or it has errors. */
  config: 3,
  /** Another program runs the environment and cannot be talked to, or the state cannot be kept. */
  unreachable: 4,
  /** Ended by Ctrl+C, after everything was stopped. */
  interrupted: 130,
  /** Ended by SIGTERM, likewise. */
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends the command with words for the person and a code for the caller. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}
