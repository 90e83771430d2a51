/** One process of a workload. */
export interface Job {
  readonly name: string;
  /** For a POSIX shell. */
  readonly command: string;
  /** Ready by this line of its output; without one as soon as it is started. */
  readonly readyLine?: string;
  readonly dependsOn?: readonly string[];
  /** Started again whenever it ends, at the smallest delay the manager has. */
  readonly isRestarted?: boolean;
  /** Asked every ten seconds whether it is well. */
  readonly healthUrl?: string;
}

export interface Order {
  readonly jobs: readonly Job[];
  /** For whatever the manager wants to write. Empty. Absolute. */
  readonly folder: string;
  /** For the manager and all below it. */
  readonly env: NodeJS.ProcessEnv;
  /** From SIGTERM to SIGKILL, where the manager can be told. */
  readonly graceMs: number;
}

/** A manager at work. */
export interface Session {
  /** The program that manages; undefined before it is known (a daemon that is being started). */
  readonly pid: () => number | undefined;
  /** Asks for the end of everything; resolves when the manager says that it is done. */
  readonly stop: () => Promise<void>;
  /** For one who takes up what it finds running: how many jobs it says it runs. */
  readonly managed?: () => Promise<number>;
  /** Where the whole output of a job is; undefined where none is kept. */
  readonly logPath: (job: string) => string | undefined;
}

/** What a manager can do at all; what it cannot is not measured. */
export type Ability = 'dependencies' | 'restart' | 'log' | 'health' | 'thousand';

/** A program that runs processes: this one, a rival, or the least that could be done. */
export interface Manager {
  readonly name: string;
  readonly version: string;
  readonly abilities: ReadonlySet<Ability>;
  /** The delay before a restart that cannot be made smaller, in ms. */
  readonly restartDelayMs: number;
  /** Gives the order; resolves as soon as it is given. */
  readonly start: (order: Order) => Promise<Session>;
}
