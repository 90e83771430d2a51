import * as l10n from '@vscode/l10n';
import { connect } from 'node:net';
import type { TcpProbe } from '../config/model.ts';
import { withinTime } from './attempt.ts';
import { addressesOf, connectionProblem, place, tryAddresses } from './loopback.ts';
import { foreignServer } from './ownership.ts';
import type { Probe, ProbeContext } from './probe.ts';

/** Well when a connection is accepted; nothing is sent. */
export function createTcpProbe(
  { host, port, timeoutMs }: TcpProbe,
  { ownsPort }: Pick<ProbeContext, 'ownsPort'>,
): Probe {
  return {
    check: (outer) =>
      withinTime(outer, timeoutMs, (attempt) =>
        tryAddresses(addressesOf(host), port, attempt.signal, async (address, signal) => {
          const at = place(address, port);
          const result = await connectOnce(address, port, signal);
          if (result === 'aborted') {
            return {
              ok: false,
              seen: l10n.t('no connection to {0} after {1} ms', at, attempt.elapsedMs()),
            };
          }
          if (result !== 'connected') return connectionProblem(result, at);
          const foreign = await foreignServer(ownsPort, host, address, port);
          return foreign ?? { ok: true, seen: l10n.t('{0} takes connections', at) };
        }),
      ),
  };
}

function connectOnce(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<'connected' | 'aborted' | Error> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve('aborted');
      return;
    }
    const socket = connect({ host, port });
    const settle = (result: 'connected' | 'aborted' | Error): void => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(result);
    };
    const abort = (): void => settle('aborted');
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => settle('connected'));
    // Stays: a destroyed socket may still report an error, which would be nobody's.
    socket.on('error', settle);
  });
}
