import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server as NetServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials, status as codes } from '@grpc/grpc-js';
import { createGrpcProbe } from '../../../src/health/grpcProbe.ts';
import { decodeStatus, encodeRequest } from '../../../src/health/grpcCheck.ts';
import type { ProbeContext, ProbeResult } from '../../../src/health/probe.ts';
import { freePort } from '../../../src/process/ports.ts';

type Answer = number | 'hang' | 'refuse';

const ends: (() => unknown)[] = [];

/** A gRPC server with the health service, which answers what it is told by service name. */
async function serve(address: string, answers: Readonly<Record<string, Answer>>): Promise<number> {
  const server = new Server();
  server.addService(
    {
      check: {
        path: '/grpc.health.v1.Health/Check',
        requestStream: false,
        responseStream: false,
        requestSerialize: encodeRequest,
        requestDeserialize: (message: Buffer) => ({ service: message.subarray(2).toString() }),
        responseSerialize: (status: number) => Buffer.from(status === 0 ? [] : [0x08, status]),
        responseDeserialize: decodeStatus,
      },
    },
    {
      check(
        call: { request: { service: string } },
        done: (error: { code: number; details: string } | null, value?: number) => void,
      ) {
        const answer = answers[call.request.service];
        if (answer === 'hang') return;
        if (answer === 'refuse') done({ code: codes.PERMISSION_DENIED, details: 'not for you' });
        else if (answer === undefined) done({ code: codes.NOT_FOUND, details: 'unknown service' });
        else done(null, answer);
      },
    },
  );
  ends.push(() => server.forceShutdown());
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

async function listen(server: NetServer): Promise<number> {
  ends.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function check(
  target: string,
  {
    service = '',
    timeoutMs = 60_000,
    ...context
  }: { service?: string; timeoutMs?: number } & Pick<ProbeContext, 'ownsPort'> = {},
): Promise<ProbeResult> {
  const probe = createGrpcProbe({ kind: 'grpc', target, service, timeoutMs }, context);
  return probe.check(new AbortController().signal);
}

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

describe('the gRPC probe', () => {
  it('is well when the service is SERVING, and says what it is otherwise', async () => {
    const port = await serve('127.0.0.1:0', { '': 1, down: 2, odd: 0, shop: 1 });
    for (const [service, ok, status] of [
      ['', true, 'SERVING'],
      ['shop', true, 'SERVING'],
      ['down', false, 'NOT_SERVING'],
      ['odd', false, 'UNKNOWN'],
    ] as const) {
      const result = await check(`localhost:${port}`, { service });
      assert.equal(result.ok, ok, service);
      assert.match(result.seen, new RegExp(`^gRPC ${status} after \\d+ ms$`));
    }
  });

  it('follows a server that flaps', async () => {
    const answers: Record<string, Answer> = { '': 1 };
    const port = await serve('127.0.0.1:0', answers);
    const seen: boolean[] = [];
    for (const answer of [1, 2, 1, 2]) {
      answers[''] = answer;
      seen.push((await check(`127.0.0.1:${port}`)).ok);
    }
    assert.deepEqual(seen, [true, false, true, false]);
  });

  it('says what the server refuses', async () => {
    const port = await serve('127.0.0.1:0', { secret: 'refuse' });
    const unknown = await check(`localhost:${port}`, { service: 'shop' });
    assert.match(unknown.seen, /^gRPC NOT_FOUND after \d+ ms: the server knows no service "shop"$/);
    const refused = await check(`localhost:${port}`, { service: 'secret' });
    assert.match(refused.seen, /^gRPC PERMISSION_DENIED after \d+ ms: not for you$/);
  });

  it('says that there is no health service', async () => {
    const server = new Server();
    ends.push(() => server.forceShutdown());
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    const result = await check(`localhost:${port}`);
    assert.equal(result.ok, false);
    assert.match(
      result.seen,
      /^gRPC UNIMPLEMENTED after \d+ ms: the server has no health service$/,
    );
  });

  it('finds a server on IPv6 only', async () => {
    const port = await serve('[::1]:0', { '': 1 });
    assert.equal((await check(`localhost:${port}`)).ok, true);
    assert.equal((await check(`[::1]:${port}`)).ok, true);
  });

  it('asks over a Unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dev-env-grpc-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 's');
    assert.deepEqual(await check(`unix:${path}`), {
      ok: false,
      seen: `there is no socket ${path}`,
    });
    await serve(`unix:${path}`, { '': 1 });
    assert.equal((await check(`unix:${path}`)).ok, true);
  });

  it('says where it was refused', async () => {
    const port = await freePort();
    assert.deepEqual(await check(`localhost:${port}`), {
      ok: false,
      seen: `connection refused on 127.0.0.1:${port} and [::1]:${port}`,
    });
  });

  it('says that there was no answer in time, of a service and of a silent server', async () => {
    const port = await serve('127.0.0.1:0', { '': 'hang' });
    const silent = await listen(createServer((socket) => socket.resume()));
    for (const each of [port, silent]) {
      const result = await check(`127.0.0.1:${each}`, { timeoutMs: 100 });
      assert.equal(result.ok, false);
      assert.match(result.seen, new RegExp(`^no answer from 127.0.0.1:${each} after \\d+ ms$`));
    }
  });

  it('keeps no connection to a server that says nothing', async () => {
    const closed: Promise<unknown>[] = [];
    const silent = await listen(
      createServer((socket) => {
        socket.resume().on('error', () => undefined);
        closed.push(once(socket, 'close'));
      }),
    );
    // The time may be up before there is a connection.
    for (let tries = 0; tries < 3 || closed.length === 0; tries += 1) {
      await check(`127.0.0.1:${silent}`, { timeoutMs: 100 });
    }
    await Promise.all(closed);
  });

  it('says that it was not gRPC', async () => {
    const port = await listen(
      createServer((socket) => {
        socket.on('error', () => undefined).end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      }),
    );
    const result = await check(`127.0.0.1:${port}`);
    assert.equal(result.ok, false);
    assert.notEqual(result.seen, '');
  });

  it('is not taken in by a server of someone else', async () => {
    const port = await serve('127.0.0.1:0', { '': 1 });
    const asked: unknown[] = [];
    const ownsPort = (...args: [number, string]): Promise<ProbeResult> => {
      asked.push(args);
      return Promise.resolve({ ok: false, seen: 'foreign' });
    };
    assert.deepEqual(await check(`localhost:${port}`, { ownsPort }), {
      ok: false,
      seen: 'foreign',
    });
    assert.deepEqual(asked, [[port, '127.0.0.1']]);
  });
});

describe('the messages of the health service', () => {
  it('are encoded as protobuf has them', () => {
    assert.equal(encodeRequest('').toString('hex'), '');
    assert.equal(encodeRequest('ab').toString('hex'), '0a026162');
    const long = encodeRequest('x'.repeat(300));
    assert.equal(long.subarray(0, 3).toString('hex'), '0aac02');
    assert.equal(long.length, 303);
  });

  for (const [hex, status] of [
    ['', 'UNKNOWN'],
    ['0801', 'SERVING'],
    ['0802', 'NOT_SERVING'],
    ['0803', 'SERVICE_UNKNOWN'],
    ['0863', '99'],
    ['120261620801', 'SERVING'],
    ['190000000000000000100108', 'UNKNOWN'],
    ['08', 'UNKNOWN'],
  ] as const) {
    it(`"${hex}" says ${status}`, () => {
      assert.equal(decodeStatus(Buffer.from(hex, 'hex')), status);
    });
  }

  it('reads no further back for a length that is no length', () => {
    assert.equal(decodeStatus(Buffer.from('1280808080080801', 'hex')), 'UNKNOWN');
  });
});
