import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { ExitStatus } from '../process/exitFile.ts';
import {
  memoryKills,
  removeControlGroup,
  removeEmptyGroup,
} from '../process/limits/controlGroups.ts';
import {
  isPlainLaunch,
  type LaunchNotes,
  plainLaunch,
  readLaunchNotes,
  writeLaunchNotes,
} from '../store/launchNotes.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { type ProgramLaunch, withLimits } from './programLaunch.ts';
import { makeLimits } from './programLimits.ts';

export interface LaunchKeeperOptions {
  readonly runId: string;
  readonly run: number;
  readonly name: string;
  readonly stateFolder: StateFolder;
  readonly clock: Clock;
  readonly onWriteError: (message: string) => void;
}

/**
 * Keeps what the start of a run made beside its program: the control groups that hold its limits,
 * and the notes by which the next host knows of them. What is noted is made after that, so that
 * nothing is left behind whenever a host dies.
 */
export class LaunchKeeper {
  readonly #options: LaunchKeeperOptions;
  readonly #file: string;
  #notes: LaunchNotes | undefined;

  constructor(options: LaunchKeeperOptions) {
    this.#options = options;
    this.#file = options.stateFolder.launchPath(options.name, options.run);
  }

  /** How the program was started, by this host or an earlier one. */
  get notes(): LaunchNotes {
    if (this.#notes === undefined) {
      const { runId } = this.#options;
      const noted = readLaunchNotes(this.#file);
      this.#notes = noted?.runId === runId ? noted : plainLaunch(runId);
    }
    return this.#notes;
  }

  /** Makes what the launch needs; what comes back is how it can be done indeed. */
  open(planned: ProgramLaunch): ProgramLaunch {
    if (planned.limits === undefined) {
      this.#keep(planned.notes);
      return planned;
    }
    this.#removeStale();
    this.#keep(withLimits(planned, planned.limits).notes);
    const limits = makeLimits(planned.limits);
    const launch = withLimits(planned, limits);
    if (limits !== planned.limits) this.#keep(launch.notes);
    return { ...launch, prefix: [...launch.prefix, ...limits.plan.prefix] };
  }

  /** What the kernel knows about an end: to be asked before `cleanUp`. */
  explain(exit: ExitStatus): ExitStatus {
    if (exit.code === 0 || !this.notes.controlGroups.some((group) => memoryKills(group) > 0)) {
      return exit;
    }
    return { ...exit, isOutOfMemory: true };
  }

  /** Removes what was made, once the run is gone. */
  async cleanUp(): Promise<void> {
    const { runId, stateFolder, clock } = this.#options;
    const { controlGroups, terminalSocket } = this.notes;
    await Promise.all(controlGroups.map((group) => removeControlGroup(group, clock)));
    if (terminalSocket === undefined) return;
    // Its host removes it itself, unless it was killed.
    await rm(stateFolder.terminalSocket(runId), { force: true }).catch(() => undefined);
  }

  #keep(notes: LaunchNotes): void {
    this.#notes = notes;
    if (isPlainLaunch(notes)) return;
    try {
      writeLaunchNotes(this.#file, notes);
    } catch (error) {
      this.#options.onWriteError(errorMessage(error));
    }
  }

  /** Groups of earlier runs that could not be removed, or whose host died before the spawn. */
  #removeStale(): void {
    const folder = path.dirname(this.#file);
    let names: string[] = [];
    try {
      names = readdirSync(folder).filter((name) => name.endsWith('.launch'));
    } catch {
      // The first run.
    }
    for (const name of names) {
      for (const group of readLaunchNotes(path.join(folder, name))?.controlGroups ?? []) {
        removeEmptyGroup(group);
      }
    }
  }
}
