import { connect } from 'node:net';
import { readLinuxListenersOn } from './linuxPorts.ts';

/** How long a connection to this machine may take, in ms. */
const connectTimeoutMs = 1_000;

/**
 * Whether somebody listens on a port of this machine. Asked without binding the port, which could
 * come in the way of the program that is waited for; elsewhere than on Linux by connecting to it.
 */
export async function isListening(port: number): Promise<boolean> {
  if (process.platform === 'linux') return (await readLinuxListenersOn(port, undefined)).length > 0;
  const answers = await Promise.all(
    ['127.0.0.1', '::1'].map((host) => takesConnections(host, port)),
  );
  return answers.includes(true);
}

function takesConnections(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.setTimeout(connectTimeoutMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
