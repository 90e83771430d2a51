import * as l10n from '@vscode/l10n';
import { errorMessage } from '../base/errors.ts';
import type { ProcessModel } from '../config/model.ts';
import {
  type HeartbeatSource,
  HeartbeatSocket,
  heartbeatVariable,
} from '../health/heartbeatSocket.ts';
import { placeRunSocket } from '../store/socketPath.ts';
import type { RunServices } from './runProgram.ts';

type Services = Pick<RunServices, 'stateFolder' | 'secrets' | 'onWriteError'>;

/** The socket on which a run says how it is; there is one only if the file asks for a heartbeat. */
export class RunHeartbeat {
  /** For the environment of the program. */
  readonly variables: Readonly<Record<string, string>>;
  readonly #socket: HeartbeatSocket | undefined;
  readonly #services: Services;
  readonly #name: string;
  #onStatus: () => void = () => undefined;

  constructor(runId: string, definition: ProcessModel, services: Services) {
    this.#services = services;
    this.#name = definition.name;
    if (!hasHeartbeat(definition)) {
      this.variables = {};
      return;
    }
    const { stateFolder, secrets } = services;
    const { path, folder } = placeRunSocket(stateFolder.path, runId);
    this.variables = { [heartbeatVariable]: path };
    this.#socket = new HeartbeatSocket({ path, folder, mask: secrets.mask });
    this.#socket.onDidHear(({ kind }) => {
      if (kind === 'status') this.#onStatus();
    });
  }

  get source(): HeartbeatSource | undefined {
    return this.#socket;
  }

  /** Who is told when the status text changes; one at a time. */
  set onStatus(listener: () => void) {
    this.#onStatus = listener;
  }

  /** Before the program is there. @throws the system error when the socket cannot be made */
  async listen(): Promise<void> {
    await this.#socket?.listen();
  }

  /** For a program that an earlier host has started, and that sends to the address it was told. */
  async listenAgain(): Promise<void> {
    try {
      await this.listen();
    } catch (error) {
      const message = l10n.t('{0} cannot be heard: {1}', this.#name, errorMessage(error));
      this.#services.onWriteError(message);
    }
  }

  dispose(): void {
    this.#socket?.dispose();
  }
}

function hasHeartbeat({ ready, healthCheck }: ProcessModel): boolean {
  return ready.kind === 'heartbeat' || healthCheck?.probe.kind === 'heartbeat';
}
