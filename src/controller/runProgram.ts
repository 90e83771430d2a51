import { closeSync, openSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import * as l10n from '@vscode/l10n';
import type { Clock } from '../base/clock.ts';
import type { Command } from '../base/command.ts';
import type { Disposable } from '../base/disposable.ts';
import { errorMessage } from '../base/errors.ts';
import type { ProcessModel } from '../config/model.ts';
import { childEnvironment } from '../process/childEnvironment.ts';
import {
  processNameVariable,
  runIdVariable,
  stateFolderVariable,
} from '../process/linuxMarkers.ts';
import { type RunningProcess, spawnProcess } from '../process/spawn.ts';
import { openLogFile } from '../store/logFile.ts';
import { LogTail } from '../store/logTail.ts';
import type { StateFolder } from '../store/stateFolder.ts';

/** What a run needs from its environment. */
export interface RunServices {
  readonly clock: Clock;
  /** What children inherit; the editor's own variables are taken out. */
  readonly hostEnv: NodeJS.ProcessEnv;
  readonly stateFolder: StateFolder;
  /** Something cannot be kept on disk. */
  readonly onWriteError: (message: string) => void;
  /** Lets one program start per turn of the event loop, so that a thousand do not block it. */
  readonly nextTurn: () => Promise<void>;
}

/** The run that a program belongs to. */
export interface ProgramOwner {
  readonly id: string;
  readonly definition: ProcessModel;
  readonly logPath: string;
  readonly exitFile: string;
}

/** How the program of a run is started: with which environment, and where its output goes. */
export class RunProgram {
  readonly #owner: ProgramOwner;
  readonly #services: RunServices;

  constructor(owner: ProgramOwner, services: RunServices) {
    this.#owner = owner;
    this.#services = services;
  }

  /** The whole environment of a child; its marks tell whose it is, whatever becomes of it. */
  env(): Record<string, string> {
    const { id, definition } = this.#owner;
    const { name, port, env } = definition;
    return childEnvironment(this.#services.hostEnv, {
      ...(port === undefined ? {} : { PORT: String(port) }),
      ...env,
      [processNameVariable]: name,
      [runIdVariable]: id,
      [stateFolderVariable]: this.#services.stateFolder.path,
    });
  }

  /** @throws DevEnvError as `spawnProcess` does */
  async spawn(): Promise<RunningProcess> {
    return this.#withLog((logFd) => this.#spawn(this.#owner.definition.command, logFd, true));
  }

  /** Runs another command as a member of this run: it ends with it, at the latest. */
  async runBeside(command: Command): Promise<void> {
    await this.#withLog(async (logFd) => {
      const child = await this.#spawn(command, logFd, false);
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
      offset: from === 'now' ? sizeOf(path) : 0,
      maxBacklogBytes: Number.POSITIVE_INFINITY,
      clock: this.#services.clock,
      onLines: (lines) => {
        for (const line of lines) listener(line);
      },
    });
  }

  #spawn(command: Command, logFd: number, isRecorded: boolean): Promise<RunningProcess> {
    const { definition, exitFile } = this.#owner;
    const { workdir } = definition;
    return spawnProcess({
      command,
      workdir,
      env: this.env(),
      logFd,
      ...(isRecorded ? { exitFile } : {}),
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

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
