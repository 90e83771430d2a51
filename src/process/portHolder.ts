import { readMarks } from './linuxMarkers.ts';
import { isPortFree, listenersOn } from './ports.ts';

/** The program that keeps a port from one that is to be started. */
export interface PortHolder {
  readonly port: number;
  /** Undefined when the system does not say. */
  readonly pid?: number | undefined;
  readonly command?: string | undefined;
  readonly user?: string | undefined;
  /** Name of the process it is a run of, when it carries our mark. */
  readonly processName?: string | undefined;
  /** State folder of the environment it belongs to, when it carries our mark. */
  readonly stateFolder?: string | undefined;
}

/** Who holds the port, on IPv4 or IPv6; undefined when it is free. */
export async function findPortHolder(port: number): Promise<PortHolder | undefined> {
  if (await isPortFree(port)) return undefined;
  const listeners = await listenersOn(port);
  const listener = listeners.find(({ pid }) => pid !== undefined) ?? listeners[0];
  // It was let go of while one looked.
  if (listener === undefined && (await isPortFree(port))) return undefined;
  const { pid, command, user } = listener ?? {};
  const marks = pid === undefined || process.platform !== 'linux' ? undefined : readMarks(pid);
  return {
    port,
    pid,
    command,
    user,
    processName: marks?.processName,
    stateFolder: marks?.stateFolder,
  };
}
