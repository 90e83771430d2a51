import assert from 'node:assert/strict';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpProbe } from '../../../src/config/model.ts';
import { createHttpProbe } from '../../../src/health/httpProbe.ts';
import type { ProbeContext, ProbeResult } from '../../../src/health/probe.ts';
import { createTcpProbe } from '../../../src/health/tcpProbe.ts';
import { freePort } from '../../../src/process/ports.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();

async function listen(server: Server, host: string, port = 0): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ host, port, ipv6Only: true }, resolve);
  });
  return (server.address() as AddressInfo).port;
}

const serve = (answer: RequestListener, host = '127.0.0.1', port = 0): Promise<number> =>
  listen(createHttpServer(answer), host, port);

function checkHttp(
  url: string,
  model: Partial<HttpProbe> = {},
  context: Pick<ProbeContext, 'ownsPort'> = {},
): Promise<ProbeResult> {
  const probe = createHttpProbe(
    {
      kind: 'http',
      url,
      socketPath: undefined,
      method: 'GET',
      status: undefined,
      headers: {},
      matchHeaders: {},
      matchBody: undefined,
      timeoutMs: 10_000,
      ...model,
    },
    context,
  );
  return probe.check(new AbortController().signal);
}

function checkTcp(
  host: string,
  port: number,
  context: Pick<ProbeContext, 'ownsPort'> = {},
): Promise<ProbeResult> {
  const probe = createTcpProbe({ kind: 'tcp', host, port, timeoutMs: 10_000 }, context);
  return probe.check(new AbortController().signal);
}

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(
    servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))),
  );
});

describe('the tcp probe', () => {
  it('says where it was refused', async () => {
    const port = await freePort();
    assert.deepEqual(await checkTcp('localhost', port), {
      ok: false,
      seen: `connection refused on 127.0.0.1:${port} and [::1]:${port}`,
    });
    assert.deepEqual(await checkTcp('127.0.0.1', port), {
      ok: false,
      seen: `connection refused on 127.0.0.1:${port}`,
    });
  });

  for (const [host, at] of [
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '[::1]'],
  ] as const) {
    it(`finds a server on ${host} only, as localhost and by its address`, async () => {
      const port = await listen(createServer(), host);
      const seen = `${at}:${port} takes connections`;
      assert.deepEqual(await checkTcp('localhost', port), { ok: true, seen });
      assert.deepEqual(await checkTcp(host, port), { ok: true, seen });
    });
  }

  it('is not taken in by a server of someone else', async () => {
    const port = await listen(createServer(), '127.0.0.1');
    const asked: unknown[] = [];
    const ownsPort = (...args: [number, string]): Promise<ProbeResult> => {
      asked.push(args);
      return Promise.resolve({ ok: false, seen: 'held by nginx' });
    };
    assert.deepEqual(await checkTcp('localhost', port, { ownsPort }), {
      ok: false,
      seen: 'held by nginx',
    });
    assert.deepEqual(asked, [[port, '127.0.0.1']]);
  });

  it('takes our own server on one family although another holds the other', async () => {
    const port = await listen(createServer(), '127.0.0.1');
    await listen(createServer(), '::1', port);
    const ownsPort = (_port: number, address: string): Promise<ProbeResult> =>
      Promise.resolve({ ok: address === '::1', seen: '' });
    assert.deepEqual(await checkTcp('localhost', port, { ownsPort }), {
      ok: true,
      seen: `[::1]:${port} takes connections`,
    });
  });

  it('gives up when it is aborted', async () => {
    const port = await listen(createServer(), '127.0.0.1');
    const probe = createTcpProbe({ kind: 'tcp', host: '127.0.0.1', port, timeoutMs: 10_000 }, {});
    assert.equal((await probe.check(AbortSignal.abort())).ok, false);
  });
});

describe('the http probe', () => {
  it('takes 200 to 399 by default', async () => {
    for (const [status, ok] of [
      [200, true],
      [204, true],
      [302, true],
      [399, true],
      [400, false],
      [404, false],
      [503, false],
    ] as const) {
      const port = await serve((_request, response) => response.writeHead(status).end());
      const result = await checkHttp(`http://localhost:${port}/`);
      assert.equal(result.ok, ok, String(status));
      assert.match(result.seen, new RegExp(`^HTTP ${status} after \\d+ ms$`));
    }
  });

  it('takes exactly the status it was told', async () => {
    const port = await serve((_request, response) => response.writeHead(401).end());
    const url = `http://127.0.0.1:${port}/`;
    assert.equal((await checkHttp(url, { status: [401, 403] })).ok, true);
    assert.equal((await checkHttp(url, { status: [200] })).ok, false);
  });

  it('asks for the path, by the name in the URL, with the headers given', async () => {
    const asked: unknown[] = [];
    const port = await serve((request, response) => {
      asked.push([request.method, request.url, request.headers.host, request.headers['x-key']]);
      response.end();
    });
    await checkHttp(`http://localhost:${port}/health?deep=1`, { headers: { 'X-Key': 'a' } });
    assert.deepEqual(asked, [['GET', '/health?deep=1', `localhost:${port}`, 'a']]);
  });

  it('asks with the method it was told', async () => {
    const asked: unknown[] = [];
    const port = await serve((request, response) => {
      asked.push(request.method);
      response.end();
    });
    await checkHttp(`http://localhost:${port}/`, { method: 'HEAD' });
    await checkHttp(`http://localhost:${port}/`, { method: 'POST' });
    assert.deepEqual(asked, ['HEAD', 'POST']);
  });

  it('asks over a Unix socket, with the host of the URL', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dev-env-http-'));
    try {
      const socketPath = join(folder, 's');
      const url = 'http://shop.local/health';
      assert.deepEqual(await checkHttp(url, { socketPath }), {
        ok: false,
        seen: `there is no socket ${socketPath}`,
      });
      const server = createHttpServer((request, response) => {
        response.end(`${request.headers.host} ${request.url}`);
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(socketPath, resolve));
      const ownsPort = (): never => assert.fail('nobody to ask');
      const right = { socketPath, matchBody: '^shop.local /health$' };
      assert.equal((await checkHttp(url, right, { ownsPort })).ok, true);
      const wrong = await checkHttp(url, { socketPath, status: [204] });
      assert.match(wrong.seen, /^HTTP 200 after \d+ ms$/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('waits for an answer that is slow, and follows a server that flaps', async () => {
    const answers = [200, 503, 200];
    const port = await serve((_request, response) => {
      setTimeout(() => response.writeHead(answers.shift() ?? 500).end(), 50);
    });
    const seen: boolean[] = [];
    while (answers.length > 0) seen.push((await checkHttp(`http://localhost:${port}/`)).ok);
    assert.deepEqual(seen, [true, false, true]);
  });

  it('finds a server on IPv6 only', async () => {
    const port = await serve((_request, response) => response.end('six'), '::1');
    assert.equal((await checkHttp(`http://localhost:${port}/`)).ok, true);
    assert.equal((await checkHttp(`http://[::1]:${port}/`)).ok, true);
  });

  it('says where it was refused', async () => {
    const port = await freePort();
    assert.deepEqual(await checkHttp(`http://localhost:${port}/`), {
      ok: false,
      seen: `connection refused on 127.0.0.1:${port} and [::1]:${port}`,
    });
  });

  it('says that there was no answer in time', async () => {
    const port = await listen(createServer(), '127.0.0.1');
    // By its address: of "localhost" the other one may not have refused by then.
    const result = await checkHttp(`http://127.0.0.1:${port}/`, { timeoutMs: 50 });
    assert.equal(result.ok, false);
    assert.match(result.seen, new RegExp(`^no answer from 127.0.0.1:${port} after \\d+ ms$`));
  });

  it('says that the connection was closed', async () => {
    const port = await listen(
      createServer((socket) => socket.destroy()),
      '127.0.0.1',
    );
    assert.deepEqual(await checkHttp(`http://localhost:${port}/`), {
      ok: false,
      seen: `127.0.0.1:${port} closed the connection without an answer`,
    });
  });

  it('says that it was not HTTP', async () => {
    const port = await listen(
      createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')),
      '127.0.0.1',
    );
    const result = await checkHttp(`http://localhost:${port}/`);
    assert.equal(result.ok, false);
    assert.match(result.seen, /Parse Error/);
  });

  it('matches headers', async () => {
    const port = await serve((_request, response) => response.setHeader('X-Version', '12').end());
    const url = `http://127.0.0.1:${port}/`;
    assert.equal((await checkHttp(url, { matchHeaders: { 'x-version': '^1\\d$' } })).ok, true);
    const wrong = await checkHttp(url, { matchHeaders: { 'X-Version': '^2' } });
    assert.match(wrong.seen, /^HTTP 200 after \d+ ms, header X-Version does not match \/\^2\/$/);
    const missing = await checkHttp(url, { matchHeaders: { 'X-Other': '.' } });
    assert.match(missing.seen, /without the header X-Other$/);
  });

  it('matches the body', async () => {
    const port = await serve((_request, response) => {
      response.write('{"status":');
      setImmediate(() => response.end('"up"}'));
    });
    const url = `http://127.0.0.1:${port}/`;
    assert.equal((await checkHttp(url, { matchBody: '"status":"up"' })).ok, true);
    const wrong = await checkHttp(url, { matchBody: '"down"' });
    assert.match(wrong.seen, /^HTTP 200 after \d+ ms, body does not match \/"down"\/$/);
  });

  it('reads no more than 1 MB of a body that never ends', async () => {
    const port = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const result = await checkHttp(`http://127.0.0.1:${port}/`, { matchBody: 'y' });
    assert.match(result.seen, /^HTTP 200 .*body does not match/);
  });

  it('does not wait for a body that it was not asked for', async () => {
    const port = await serve((_request, response) => {
      response.write('data: an event stream\n\n');
    });
    assert.equal((await checkHttp(`http://127.0.0.1:${port}/`)).ok, true);
  });

  it('is not taken in by a server of someone else', async () => {
    const port = await serve((_request, response) => response.end());
    const ownsPort = (): Promise<ProbeResult> => Promise.resolve({ ok: false, seen: 'foreign' });
    assert.deepEqual(await checkHttp(`http://localhost:${port}/`, {}, { ownsPort }), {
      ok: false,
      seen: 'foreign',
    });
  });
});
