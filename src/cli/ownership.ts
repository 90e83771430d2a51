import type { ControlServer } from '../control/controlServer.ts';
import { ControllerTarget } from '../control/controlTarget.ts';
import type { Owner } from '../control/protocol.ts';
import type { EnvironmentModel } from '../config/model.ts';
import { environmentSecrets } from '../controller/environmentSecrets.ts';
import { EnvironmentSession } from '../controller/environmentSession.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { note } from './context.ts';

export interface OwnershipOptions {
  readonly model: EnvironmentModel;
  readonly stateFolder: StateFolder;
  readonly kind: Owner['kind'];
  /** How long to wait for an owner that is about to leave, in ms. */
  readonly waitMs: number;
  /** The present model; asked for before something is started. */
  readonly reload: () => Promise<EnvironmentModel>;
  /** Somebody asked for the end of everything, and it has been stopped. */
  readonly onShutdown?: () => void;
  /** A window of the editor takes over; it waits for `release`. */
  readonly onReleaseRequested: () => void;
}

/** The environment, owned by this program and served to others. */
export interface Ownership {
  readonly target: ControllerTarget;
  readonly session: EnvironmentSession;
}

/** Takes the environment, if nobody has it. It is given up for any window of the editor. */
export async function takeOwnership(options: OwnershipOptions): Promise<Ownership | undefined> {
  const { model, stateFolder, kind, waitMs } = options;
  const label =
    kind === 'background'
      ? `dev-env in the background (PID ${String(process.pid)})`
      : `dev-env in a terminal (PID ${String(process.pid)})`;
  const made: { target?: ControllerTarget } = {};
  const opened = await EnvironmentSession.open({
    model,
    stateFolder,
    hostEnv: process.env,
    secrets: environmentSecrets(process.env),
    label,
    waitMs,
    isStandIn: true,
    onWriteError: note,
    onReleaseRequested: () => options.onReleaseRequested(),
    attach: (environment) => {
      const target = new ControllerTarget(environment, {
        owner: { kind, pid: process.pid, label },
        beforeStart: async () => {
          const next = await options.reload();
          const { model: now } = environment;
          const isSame = next === now || JSON.stringify(next) === JSON.stringify(now);
          if (!isSame) environment.setModel(next);
        },
        ...(options.onShutdown === undefined ? {} : { onShutdown: options.onShutdown }),
      });
      made.target = target;
      return openServer(target, stateFolder.socketPath);
    },
  });
  if (opened.kind === 'elsewhere' || made.target === undefined) return undefined;
  return { target: made.target, session: opened.session };
}

async function openServer(target: ControllerTarget, socketPath: string): Promise<ControlServer> {
  // Nobody asks so soon, and what is to be started need not wait until HTTP is loaded.
  await new Promise((resolve) => setImmediate(resolve));
  const { ControlServer: Server } = await import('../control/controlServer.ts');
  return Server.open(target, socketPath);
}
