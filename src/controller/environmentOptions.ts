import { type Clock, systemClock } from '../base/clock.ts';
import { Turns } from '../base/turns.ts';
import type { EnvironmentModel } from '../config/model.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import type { CreateCompanion } from './companion.ts';
import { createRun } from './createRun.ts';
import { EnvCommands } from './envCommands.ts';
import type { StateKeeper } from './persistence.ts';
import type { CreateRun, RunServices } from './runProgram.ts';
import type { SecretSource } from './secretSource.ts';
import { SecretVault } from './secretVault.ts';

/** What an environment is made of. */
export interface EnvironmentOptions {
  readonly model: EnvironmentModel;
  readonly stateFolder: StateFolder;
  /** What children inherit; usually `process.env`. */
  readonly hostEnv: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  /** The state cannot be written: said once, and again only if it worked in between. */
  readonly onWriteError?: (message: string) => void;
  /** Without one, a process that needs a secret does not start. */
  readonly secrets?: SecretSource | undefined;
  /** What acts on the processes by rules of the file. */
  readonly companions?: readonly CreateCompanion[];
  /** From 0 to 1: what delays are spread by. */
  readonly random?: () => number;
  /** Makes runs; tests give programs that are none. */
  readonly createRun?: CreateRun;
  /** Where the state is kept, if not in the state folder. */
  readonly persistence?: StateKeeper;
}

/** What its runs need, with what was left out. */
export function servicesOf(options: EnvironmentOptions): RunServices {
  return {
    clock: options.clock ?? systemClock,
    folder: options.model.folder,
    hostEnv: options.hostEnv,
    stateFolder: options.stateFolder,
    onWriteError: options.onWriteError ?? (() => undefined),
    turns: new Turns(),
    secrets: new SecretVault(options.secrets),
    envCommands: new EnvCommands(),
    random: options.random ?? Math.random,
    createRun: options.createRun ?? createRun,
  };
}
