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
  /** Of the processes that name profiles, those count as part of "all" that name one of these. */
  readonly activeProfiles: readonly string[];
  /** The env files that were read or looked for, absolute; a change to one is a change of the model. */
  readonly envFiles: readonly string[];
  /** Made of records, because the file is missing or has errors: good for stopping, not for starting. */
  readonly isProvisional?: boolean;
}

/** `service` should stay up; `task` runs to its end; `external` is someone else's, and only watched. */
export type ProcessKind = 'service' | 'task' | 'external';

/** What has to be true of a dependency before its dependent starts. */
export type DependencyCondition = 'started' | 'ready' | 'completed';

export interface Dependency {
  readonly name: string;
  readonly condition: DependencyCondition;
  /** Set when the dependent restarts whenever the dependency does. */
  readonly restart?: true;
}

export interface ProcessModel {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly description: string | undefined;
  /** A string runs in a shell, a list as program and arguments; empty for a runner and an external. */
  readonly command: Command;
  /** What makes the command line, when `command` does not say it. */
  readonly runner: RunnerSpec | undefined;
  /** How an `external` is found; undefined for what is started here. */
  readonly external: ExternalSource | undefined;
  /** Names under which several processes are started and stopped together. */
  readonly groups: readonly string[];
  /** It is part of "all" only with one of these; none: always. */
  readonly profiles: readonly string[];
  /** Absolute. */
  readonly workdir: string;
  /**
   * What the env files add to the inherited environment, below what the programs of `envCommands`
   * print. Empty without such programs: then it is part of `env`.
   */
  readonly fileEnv: Readonly<Record<string, string>>;
  /** What the file (and its env files) add to the environment. May hold secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** The values of its environment that hold secrets: texts, and the names of secrets between them. */
  readonly secretEnv: Readonly<Record<string, readonly (string | SecretReference)[]>>;
  /** Programs whose output (`NAME=value` lines) is below `env` in the environment; later ones win. */
  readonly envCommands: readonly EnvCommand[];
  /** Patterns (`*` for any characters) of inherited variables that it does not get. */
  readonly envExclude: readonly string[];
  readonly port: number | undefined;
  readonly url: string | undefined;
  /** Is it started when the workspace opens (if the user allows)? */
  readonly autostart: boolean;
  readonly dependsOn: readonly Dependency[];
  readonly ready: ReadinessProbe;
  /** Is it still well? Undefined: nobody asks. */
  readonly healthCheck: HealthCheck | undefined;
  /** How long a run may take to become ready before it counts as failed. */
  readonly startupTimeoutMs: number;
  readonly restart: RestartPolicy;
  readonly stop: StopPolicy;
  /** A task that takes longer has failed; undefined for no limit. */
  readonly timeoutMs: number | undefined;
  /** Exit codes with which a run ended well. */
  readonly successExitCodes: readonly number[];
  readonly schedule: Schedule | undefined;
  readonly watch: FileWatchSpec | undefined;
  readonly limits: Limits | undefined;
  readonly logging: Logging;
  /** Does it get a pseudo-terminal in place of a file? */
  readonly tty: boolean;
  /** Can one type into it? Implies `tty`. */
  readonly interactive: boolean;
  /** Names of problem matchers of the editor, such as `$tsc-watch`. */
  readonly problemMatchers: readonly string[];
}

export interface SecretReference {
  readonly secret: string;
}

/** A program that prints `NAME=value` lines for the environment of a run. */
export interface EnvCommand {
  readonly command: Command;
  readonly timeoutMs: number;
}

/**
 * What makes a command line out of options: `node` (`script`, `args`), `python` (`script`, `module`
 * or `function`, `args`, `venv`), or one that another extension brings.
 */
export interface RunnerSpec {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** How the program of an `external` is found; exactly one is set. */
export type ExternalSource =
  | { readonly kind: 'port'; readonly port: number }
  /** Absolute. */
  | { readonly kind: 'pid-file'; readonly path: string }
  /** A regular expression that its command line matches. */
  | { readonly kind: 'command'; readonly pattern: string };

/** When a task runs by itself, or a service is restarted. */
export interface Schedule {
  /** Five fields, or six with seconds first. */
  readonly cron: string;
  /** IANA name; undefined for the machine's own. */
  readonly timeZone: string | undefined;
  /** What becomes of a time that comes while the last run is not over. */
  readonly overlap: 'skip' | 'queue' | 'replace';
}

/** Files whose change restarts the process. */
export interface FileWatchSpec {
  /** Globs relative to `folder`, with `/`. */
  readonly paths: readonly string[];
  readonly ignore: readonly string[];
  /** Absolute: the working directory of the process. */
  readonly folder: string;
  /** This long after the last change it is acted on. */
  readonly debounceMs: number;
  /** Are files left out that git ignores? */
  readonly isGitignoreUsed: boolean;
}

export interface Limits {
  readonly memoryBytes: number | undefined;
  /** Of one core: 150 is one and a half cores. */
  readonly cpuPercent: number | undefined;
  readonly openFiles: number | undefined;
  readonly processes: number | undefined;
  /** 1 to 10,000; 100 is the usual weight. */
  readonly ioWeight: number | undefined;
  /** What happens to a process beyond a limit that is only watched. */
  readonly onLimit: 'report' | 'restart' | 'stop';
}

/** How the log of a process is kept and shown. */
export interface Logging {
  /** Of one file, in bytes. */
  readonly maxSizeBytes: number;
  /** Files of that size that are kept, over all runs. */
  readonly maxFiles: number;
  /** Is each line a JSON object, to be shown as text with level, time and message? */
  readonly format: 'text' | 'json';
}

/** One way to ask; also for health. */
export type Probe = HttpProbe | TcpProbe | CommandProbe | LogProbe | GrpcProbe | HeartbeatProbe;

/** How one asks whether dependents may start. `alive` is true as soon as the program was started. */
export type ReadinessProbe = { readonly kind: 'alive' } | Probe;

/** How one asks, again and again, whether a running process is still well. */
export interface HealthCheck {
  readonly probe: Probe;
  readonly intervalMs: number;
  /** Failures in a row that make it unhealthy. */
  readonly failureThreshold: number;
  /** Successes in a row that make it healthy again. */
  readonly successThreshold: number;
  readonly onFailure: 'restart' | 'stop' | 'report';
}

/** The standard `grpc.health.v1.Health/Check`. */
export interface GrpcProbe {
  readonly kind: 'grpc';
  /** `host:port`, or `unix:/path`; the host `localhost` means both loopback addresses are tried. */
  readonly target: string;
  /** The name to ask for; empty for the whole server. */
  readonly service: string;
  readonly timeoutMs: number;
}

/** The process itself says so, on the socket that it finds in `DEV_ENV_SOCKET`. */
export interface HeartbeatProbe {
  readonly kind: 'heartbeat';
}

export interface HttpProbe {
  readonly kind: 'http';
  /** Absolute URL; the host `localhost` means both loopback addresses are tried. */
  readonly url: string;
  /** Path of a Unix socket to connect to in place of the URL's host and port. */
  readonly socketPath: string | undefined;
  readonly method: string;
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
  /** Each delay is lengthened or shortened at random by up to this part of it: 0.1 is ±10 %. */
  readonly jitter: number;
  /** Failures in a short time that end the restarts for a while; undefined for no such bound. */
  readonly breaker: CircuitBreaker | undefined;
}

export interface CircuitBreaker {
  /** So many failures … */
  readonly failures: number;
  /** … within this time open it … */
  readonly windowMs: number;
  /** … and it closes by itself after this time. */
  readonly coolDownMs: number;
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
  /** The file it is in, absolute, when that is not the main one. */
  readonly file?: string;
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
  /** The file it is about, absolute, when that is not the main one. */
  readonly file?: string;
}
