import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { mask } from '../../../src/base/masker.ts';
import { ControlClient } from '../../../src/control/controlClient.ts';
import { ControlServer } from '../../../src/control/controlServer.ts';
import { ControllerTarget } from '../../../src/control/controlTarget.ts';
import { maskPieces } from '../../../src/control/maskPieces.ts';
import { type ControlEvent, maxRequestBytes } from '../../../src/control/protocol.ts';
import { environmentSecrets } from '../../../src/controller/environmentSecrets.ts';
import { openTestEnvironment, processModel } from '../../support/testEnvironment.ts';
import { until } from '../../support/until.ts';

const value = 'correct horse "battery"';

/** An owner whose process is given a secret, which the owner learns at the start. */
async function serve(): Promise<{
  client: ControlClient;
  server: ControlServer;
  socketPath: string;
  [Symbol.asyncDispose](): Promise<void>;
}> {
  const test = await openTestEnvironment(
    [processModel('api', ['sleep', '600'], { secretEnv: { TOKEN: [{ secret: 'TOKEN' }] } })],
    {},
    {},
    environmentSecrets({ DEV_ENV_SECRET_TOKEN: value }),
  );
  const { socketPath } = test.stateFolder;
  const target = new ControllerTarget(test.environment, {
    owner: { kind: 'terminal', pid: process.pid, label: 'a test' },
  });
  const server = await ControlServer.open(target, socketPath);
  return {
    client: new ControlClient(socketPath),
    server,
    socketPath,
    async [Symbol.asyncDispose]() {
      await server.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

describe('masking over the control socket', () => {
  it('hides what the owner knows, in as many lines as there are', async () => {
    await using served = await serve();
    await served.client.start();
    const line = (index: number, secret: string): string =>
      `${index} ${'\u001b[31m'.repeat(10)}<${secret}>${'é'.repeat(40)}`;
    const indices = [...Array(20_000).keys()];
    const lines = indices.map((index) => line(index, value));
    assert.ok(JSON.stringify(lines).length > 2 * maxRequestBytes);
    assert.deepEqual(
      await served.client.mask(lines),
      indices.map((index) => line(index, mask)),
    );
    assert.deepEqual(await served.client.mask([]), []);
  });

  it('shows nothing of a line that no request can hold', async () => {
    await using served = await serve();
    await served.client.start();
    const long = 'x'.repeat(maxRequestBytes) + value;
    assert.deepEqual(await served.client.mask(['a', long, `b ${value}`]), ['a', mask, `b ${mask}`]);
    // It is the longest one that is still sent.
    const longest = `${value}${'x'.repeat(maxRequestBytes - 200)}`;
    const [masked] = await served.client.mask([longest]);
    assert.equal(masked, longest.replace(value, mask));
  });

  it('says that there is something to hide before a program is given it', async () => {
    await using served = await serve();
    const { client } = served;
    assert.equal((await client.status()).hasSecrets, false);
    const events: ControlEvent[] = [];
    const subscription = client.follow((event) => events.push(event));
    await until('the status', () => events.length > 0);
    await client.start();
    const hasPid = (event: ControlEvent): boolean =>
      event.kind === 'change' && event.processes.some(({ pid }) => pid !== undefined);
    await until('the program', () => events.some(hasPid));
    const learnedAt = events.findIndex(({ kind }) => kind === 'secrets');
    assert.ok(learnedAt !== -1 && learnedAt < events.findIndex(hasPid));
    assert.equal((await client.status()).hasSecrets, true);
    subscription.dispose();
  });

  it('refuses what are no lines, and sends nobody away with lines unmasked', async () => {
    await using served = await serve();
    const call = request({
      socketPath: served.socketPath,
      method: 'POST',
      path: '/v1/mask',
      agent: false,
    });
    call.end('{"lines": "one"}');
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    response.resume();
    assert.equal(response.statusCode, 400);
    await served.server.close();
    await assert.rejects(served.client.mask(['a']), { code: 'owner-unreachable' });
  });
});

describe('maskPieces', () => {
  it('keeps lines whole and in order, and pieces below the limit in bytes of JSON', () => {
    const lines = [...Array(500).keys()].map((index) => `${index}\u0007é`.repeat(index % 17));
    const pieces = maskPieces(lines, 1_000);
    assert.deepEqual(pieces.flat(), lines);
    assert.ok(pieces.length > 10);
    for (const piece of pieces) assert.ok(Buffer.byteLength(JSON.stringify(piece)) <= 1_001);
  });

  it('gives a long line a piece of its own', () => {
    const long = 'x'.repeat(2_000);
    assert.deepEqual(maskPieces(['a', long, 'b'], 1_000), [['a'], [long], ['b']]);
    assert.deepEqual(maskPieces([], 1_000), []);
  });
});
