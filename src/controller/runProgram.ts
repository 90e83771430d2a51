import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import * as l10n from '@vscode/l10n';
import type { Clock } from '../base/clock.ts';
import type { Command } from '../base/command.ts';
import type { Disposable } from '../base/disposable.ts';
import { errorMessage } from '../base/errors.ts';
import type { Turns } from '../base/turns.ts';
import type { ProcessModel } from '../config/model.ts';
import type { ExitStatus } from '../process/exitFile.ts';
import {
  preparationVariable,
  processNameVariable,
  runIdVariable,
  stateFolderVariable,
} from '../process/linuxMarkers.ts';
import { type RunningProcess, spawnProcess } from '../process/spawn.ts';
import type { LaunchNotes } from '../store/launchNotes.ts';
import { fileSize } from '../store/fileSize.ts';
import { openLogFile } from '../store/logFile.ts';
import { LogTail } from '../store/logTail.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import type { EnvCommands } from './envCommands.ts';
import { LaunchKeeper } from './launchKeeper.ts';
import { programEnvironment } from './programEnvironment.ts';
import { prepareLaunch, type ProgramLaunch } from './programLaunch.ts';
import type { ProcessRun } from './processRun.ts';
import type { SecretVault } from './secretVault.ts';
import type { ProcessEvent } from './state.ts';

/** What a run needs from its environment. */
export interface RunServices {
  readonly clock: Clock;
  /** The workspace folder. */
  readonly folder: string;
  /** What children inherit; the editor's own variables are taken out. */
  readonly hostEnv: NodeJS.ProcessEnv;
  readonly stateFolder: StateFolder;
  /** Something cannot be kept on disk. */
  readonly onWriteError: (message: string) => void;
  /** One program starts per turn of the event loop, so that a thousand do not block it. */
  readonly turns: Turns;
  readonly secrets: SecretVault;
  readonly envCommands: EnvCommands;
  /** From 0 to 1, another one each time. */
  readonly random: () => number;
  readonly createRun: CreateRun;
}

/** Makes the run of a definition. `known` identifies one of an earlier host, which is then taken. */
export type CreateRun = (
  definition: ProcessModel,
  number: number,
  services: RunServices,
  report: (event: ProcessEvent) => void,
  known?: { readonly id: string; readonly definitionHash: string },
) => ProcessRun;

/** The run that a program belongs to. */
export interface ProgramOwner {
  readonly id: string;
  readonly number: number;
  readonly definition: ProcessModel;
  readonly logPath: string;
  readonly exitFile: string;
  /** What its environment has for this run only. */
  readonly variables: Readonly<Record<string, string>>;
}

/** How the program of a run is started: with which environment, and where its output goes. */
export class RunProgram {
  readonly #owner: ProgramOwner;
  readonly #services: RunServices;
  readonly #cancelling = new AbortController();
  readonly #keeper: LaunchKeeper;
  #launch: ProgramLaunch | undefined;
  #isPreparing = false;
  #isWaitingForEnv = false;
  #env: Promise<Readonly<Record<string, string>>> | undefined;

  constructor(owner: ProgramOwner, services: RunServices) {
    this.#owner = owner;
    this.#services = services;
    const { id: runId, number: run, definition } = owner;
    this.#keeper = new LaunchKeeper({ ...services, runId, run, name: definition.name });
  }

  /**
   * The whole environment of a child; its marks tell whose it is, whatever becomes of it. It is put
   * together once, for which a program may have to run, or a person to be asked.
   * @throws DevEnvError `secret-missing`, `env-command-failed`, `cancelled`
   */
  env(): Promise<Readonly<Record<string, string>>> {
    this.#env ??= this.#composeEnv().catch((error: unknown) => {
      this.#env = undefined;
      throw error;
    });
    return this.#env;
  }

  /** Ends the wait for a program or a person that `env` needs. */
  cancelEnv(): void {
    this.#cancelling.abort();
  }

  /** The start cannot go on before a program or a person has given what it needs. */
  get isWaitingForEnv(): boolean {
    return this.#isWaitingForEnv;
  }

  async #composeEnv(): Promise<Readonly<Record<string, string>>> {
    const { id, definition, variables } = this.#owner;
    const { hostEnv, stateFolder, secrets, envCommands } = this.#services;
    const { signal } = this.#cancelling;
    const marks = {
      [processNameVariable]: definition.name,
      [runIdVariable]: id,
      [stateFolderVariable]: stateFolder.path,
    };
    const secret = await secrets.variables(definition, signal);
    const parts = { hostEnv, definition, secrets: secret.variables };
    const fromCommands =
      definition.envCommands.length === 0
        ? {}
        : await envCommands.values(definition.envCommands, {
            workdir: definition.workdir,
            env: programEnvironment({ ...parts, fromCommands: {}, marks: {} }),
            marks: { ...marks, [preparationVariable]: '1' },
            signal,
            mask: secrets.mask,
          });
    return programEnvironment({
      ...parts,
      fromCommands,
      marks: { ...variables, ...secret.marks, ...marks },
    });
  }

  /** How it was started, by this host or the one before; undefined before that is known. */
  get launch(): LaunchNotes | undefined {
    return this.#isPreparing ? undefined : this.#keeper.notes;
  }

  /**
   * Finds out what the start needs, which may take time; nothing is made yet.
   * @throws DevEnvError as `env` does, and those of runners
   */
  async prepare(): Promise<void> {
    this.#isPreparing = true;
    const { id, number: run, definition } = this.#owner;
    const { folder, hostEnv, stateFolder } = this.#services;
    this.#isWaitingForEnv = true;
    const env = await this.env().finally(() => (this.#isWaitingForEnv = false));
    this.#launch = await prepareLaunch({
      runId: id,
      run,
      definition,
      folder,
      env,
      hostEnv,
      stateFolder,
      signal: this.#cancelling.signal,
    });
  }

  /**
   * Starts what was prepared.
   * @throws DevEnvError as `spawnProcess` does
   */
  async spawn(): Promise<RunningProcess> {
    if (this.#launch === undefined) throw new Error('prepare() comes first');
    const { command, prefix, env, streams } = this.#keeper.open(this.#launch);
    this.#isPreparing = false;
    const { exitFile, definition } = this.#owner;
    const { workdir } = definition;
    try {
      return await this.#withLog((logFd) =>
        spawnProcess({ command, workdir, env, logFd, exitFile, prefix, streams }),
      );
    } catch (error) {
      await this.cleanUp();
      throw error;
    }
  }

  /** The end with what the kernel knows about it; to be asked before `cleanUp`. */
  explain(exit: ExitStatus): ExitStatus {
    return this.#keeper.explain(exit);
  }

  /** Removes what was made for the run, once nothing of it is left. */
  cleanUp(): Promise<void> {
    return this.#keeper.cleanUp();
  }

  /** Runs another command as a member of this run: it ends with it, at the latest. */
  async runBeside(command: Command): Promise<void> {
    const { workdir } = this.#owner.definition;
    const env = await this.env();
    await this.#withLog(async (logFd) => {
      const child = await spawnProcess({ command, workdir, env, logFd });
      await child.exited;
    });
  }

  /** Every line of the run's output, from its beginning or from now on. */
  followLines(
    listener: (line: string) => void,
    from: 'beginning' | 'now' = 'beginning',
  ): Disposable {
    const path = this.#owner.logPath;
    return new LogTail({
      path,
      offset: from === 'now' ? fileSize(path) : 0,
      maxBacklogBytes: Number.POSITIVE_INFINITY,
      clock: this.#services.clock,
      onLines: (lines) => {
        for (const line of lines) listener(line);
      },
    });
  }

  async #withLog<T>(work: (logFd: number) => Promise<T>): Promise<T> {
    const logFd = this.#openLog();
    try {
      return await work(logFd);
    } finally {
      closeSync(logFd);
    }
  }

  /** A full disk or a read-only folder costs the output, not the process. */
  #openLog(): number {
    try {
      return openLogFile(this.#owner.logPath);
    } catch (error) {
      this.#services.onWriteError(
        l10n.t('The output of {0} is lost: {1}', this.#owner.definition.name, errorMessage(error)),
      );
      return openSync(devNull, 'a');
    }
  }
}
