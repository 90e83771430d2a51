import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An address for people. An environment belongs to one window, so before the browser is sent on to
 * `target`, `prepare` has to close the window that has it now; it is called once.
 */
export async function offerHandOver(
  target: string,
  prepare: () => Promise<void>,
): Promise<{ readonly url: string; readonly close: () => void }> {
  let prepared: Promise<void> | undefined;
  const server = createServer((request, response) => {
    const isPreview = 'sec-purpose' in request.headers || 'purpose' in request.headers;
    if (request.method !== 'GET' || request.url !== '/' || isPreview) {
      response.writeHead(404).end();
      return;
    }
    prepared ??= prepare();
    prepared.then(
      () => response.writeHead(302, { location: target, 'cache-control': 'no-store' }).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
