/** Stable names of what can go wrong, for code that decides and for words that explain. */
export type ErrorCode =
  | 'command-not-found'
  | 'workdir-missing'
  | 'spawn-failed'
  | 'unknown-runner'
  | 'runner-options'
  | 'secret-missing'
  | 'env-command-failed'
  | 'state-folder'
  | 'unknown-process'
  | 'owned-elsewhere'
  | 'owner-unreachable'
  | 'owner-left'
  | 'bad-request'
  | 'config-invalid'
  | 'cancelled';

/** The one error class: a stable code, a sentence for people, and details for those who decide. */
export class DevEnvError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'DevEnvError';
    this.code = code;
    this.details = details;
  }
}

/** The `code` of a Node system error (`ENOENT`, `ESRCH`, …), or undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** A sentence for any thrown value. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
