import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '../base/errors.ts';
import { PortBook } from '../store/portBook.ts';
import { openStateFolder, type StateFolder } from '../store/stateFolder.ts';

/** What is kept on disk for one workspace folder, opened when it is first needed. */
export class FolderState {
  readonly #folder: string;
  readonly #onProblem: (message: string) => void;
  #state: Promise<StateFolder> | undefined;
  #ports: Promise<PortBook> | undefined;
  #path: string | undefined;

  /** `onProblem` is told when the usual place cannot be used. */
  constructor(folder: string, onProblem: (message: string) => void) {
    this.#folder = folder;
    this.#onProblem = onProblem;
  }

  /** Undefined before it was opened. */
  get path(): string | undefined {
    return this.#path;
  }

  /** Rejects with a DevEnvError `state-folder`; the next call tries again. */
  open(): Promise<StateFolder> {
    this.#state ??= this.#open().catch((error: unknown) => {
      this.#state = undefined;
      throw error;
    });
    return this.#state;
  }

  ports(): Promise<PortBook> {
    this.#ports ??= this.open()
      .then((state) => PortBook.open(state))
      .catch((error: unknown) => {
        this.#ports = undefined;
        throw error;
      });
    return this.#ports;
  }

  /** A state folder that cannot be used costs the memory of what runs, and not the running. */
  async #open(): Promise<StateFolder> {
    const state = await openStateFolder(this.#folder).catch((error: unknown) => {
      this.#onProblem(errorMessage(error));
      return openStateFolder(this.#folder, join(tmpdir(), `dev-env-${userInfo().username}`));
    });
    this.#path = state.path;
    return state;
  }
}
