import type { Command } from '../base/command.ts';

/**
 * The environment as the rest of the program sees it: defaults applied, variables filled in,
 * paths absolute, durations in milliseconds. Made from the file by `load.ts`; plain data, so that
 * two of them can be compared.
 */
export interface EnvironmentModel {
  /** The workspace folder the file belongs to; relative paths start here. Absolute. */
  readonly folder: string;
  /** The file itself. Absolute. */
  readonly configPath: string;
  /** Does opening the workspace start every process, or only those that ask for it? */
  readonly autostart: boolean;
  /** What a start of several does when one of them fails: leave the rest up, or stop it again. */
  readonly onStartFailure: 'keep' | 'rollback';
  /** In the order of the file. */
  readonly processes: readonly ProcessModel[];
  /** The env files that were read or looked for, absolute; a change to one is a change of the model. */
  readonly envFiles: readonly string[];
  /** Made of records, because the file is missing or has errors: good for stopping, not for starting. */
  readonly isProvisional?: boolean;
}

/** `service` should stay up; `task` runs to its end. */
export type ProcessKind = 'service' | 'task';

/** What has to be true of a dependency before its dependent starts. */
export type DependencyCondition = 'started' | 'ready' | 'completed';

export interface Dependency {
  readonly name: string;
  readonly condition: DependencyCondition;
}

export interface ProcessModel {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly description: string | undefined;
  readonly command: Command;
  /** Absolute. */
  readonly workdir: string;
  /** What the file and its env files add to the inherited environment. May hold secrets. */
  readonly env: Readonly<Record<string, string>>;
  readonly port: number | undefined;
  readonly url: string | undefined;
  /** Is it started when the workspace opens (if the user allows)? */
  readonly autostart: boolean;
  readonly dependsOn: readonly Dependency[];
  readonly ready: ReadinessProbe;
  /** How long a run may take to become ready before it counts as failed. */
  readonly startupTimeoutMs: number;
  readonly restart: RestartPolicy;
  readonly stop: StopPolicy;
}

/** How one asks whether dependents may start. `alive` is true as soon as the program was started. */
export type ReadinessProbe =
  { readonly kind: 'alive' } | HttpProbe | TcpProbe | CommandProbe | LogProbe;

export interface HttpProbe {
  readonly kind: 'http';
  /** Absolute URL; the host `localhost` means both loopback addresses are tried. */
  readonly url: string;
  /** Status codes that count; undefined means 200 to 399. */
  readonly status: readonly number[] | undefined;
  /** Headers to send. */
  readonly headers: Readonly<Record<string, string>>;
  /** Response headers that must be there; each value is a regular expression. */
  readonly matchHeaders: Readonly<Record<string, string>>;
  /** Regular expression the body must match. */
  readonly matchBody: string | undefined;
  /** Time allowed for one try. */
  readonly timeoutMs: number;
}

export interface TcpProbe {
  readonly kind: 'tcp';
  /** `localhost` means both loopback addresses are tried. */
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

export interface CommandProbe {
  readonly kind: 'command';
  readonly command: Command;
  readonly timeoutMs: number;
}

export interface LogProbe {
  readonly kind: 'log';
  /** Regular expression that one line of the output must match. */
  readonly pattern: string;
}

export interface RestartPolicy {
  readonly policy: 'never' | 'on-failure' | 'always' | 'unless-stopped';
  /** Restarts in a row before the process counts as failed; undefined for no limit. */
  readonly maxRetries: number | undefined;
  /** Before the first restart. */
  readonly delayMs: number;
  /** Factor by which the delay grows with each restart in a row; 1 for none. */
  readonly backoff: number;
  readonly maxDelayMs: number;
  /** A run that lasted this long counts as well: the count of restarts in a row starts again. */
  readonly windowMs: number;
}

export interface StopPolicy {
  /** Sent to the whole process group. */
  readonly signal: NodeJS.Signals;
  /** Run instead of sending the signal, with the environment and directory of the process. */
  readonly command: Command | undefined;
  /** From the signal to SIGKILL. */
  readonly timeoutMs: number;
}

/** A place in the file: half-open offsets into its text, and zero-based line and column of both. */
export interface SourceRange {
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}

export interface SourcePosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

export type DiagnosticSeverity = 'error' | 'warning';

/** Something the author of the file should know, with the place it is about. */
export interface ConfigDiagnostic {
  readonly severity: DiagnosticSeverity;
  /** Stable, kebab-case: `unknown-key`, `dependency-cycle`, … */
  readonly code: string;
  /** A sentence for people that names the remedy where there is one. */
  readonly message: string;
  readonly range: SourceRange;
  /** The name or key that was probably meant, for a quick fix that replaces the range with it. */
  readonly suggestion?: string;
}
