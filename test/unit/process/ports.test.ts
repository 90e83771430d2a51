import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { systemClock } from '../../../src/base/clock.ts';
import { parseNetTcp } from '../../../src/process/linuxPorts.ts';
import { listenerBelongsTo } from '../../../src/process/portOwner.ts';
import {
  freePort,
  isPortFree,
  listenersOn,
  waitUntilPortIsFree,
} from '../../../src/process/ports.ts';
import { endPrograms, program, type ProgramRun, runProgram } from '../../support/programRun.ts';

const node = process.execPath;

async function listening(
  host: string,
  port = 0,
): Promise<{ readonly run: ProgramRun; readonly port: number }> {
  const run = await runProgram([node, program('listen.mjs'), host, String(port)]);
  return { run, port: Number(await run.line(/ready (\d+)/)) };
}

describe('ports', () => {
  afterEach(endPrograms);

  for (const [host, family, address] of [
    ['127.0.0.1', 'IPv4', '127.0.0.1'],
    ['0.0.0.0', 'IPv4', '0.0.0.0'],
    ['::1', 'IPv6', '::1'],
    ['::', 'IPv6', '::'],
  ] as const) {
    it(`names who listens on ${host}`, async () => {
      const { port, run } = await listening(host);
      const found = await listenersOn(port);
      assert.equal(found.length, 1);
      const [listener] = found;
      assert.equal(listener?.family, family);
      assert.equal(listener.address, address);
      assert.equal(listener.user, userInfo().username);
      assert.match(listener.command ?? '', /listen\.mjs/);
      assert.equal(await isPortFree(port), false);
      process.kill(-run.pid, 'SIGKILL');
      assert.equal(
        await waitUntilPortIsFree(port, { clock: systemClock, timeoutMs: 20_000 }),
        true,
      );
      assert.deepEqual(await listenersOn(port), []);
    });
  }

  it('says that a port did not become free in time, or that it was not awaited', async () => {
    const { port } = await listening('127.0.0.1');
    const clock = systemClock;
    assert.equal(await waitUntilPortIsFree(port, { clock, timeoutMs: 20 }), false);
    const signal = AbortSignal.abort();
    assert.equal(await waitUntilPortIsFree(port, { clock, timeoutMs: 60_000, signal }), false);
  });

  it('gives ports that are free, and none twice when told', async () => {
    const given = new Set<number>();
    for (let count = 0; count < 20; count++) given.add(await freePort(given));
    assert.equal(given.size, 20);
    for (const port of given) assert.equal(await isPortFree(port), true);
  });

  it('leaves a port usable that it has looked at', async () => {
    const port = await freePort();
    assert.equal(await isPortFree(port), true);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('listenerBelongsTo', () => {
  afterEach(endPrograms);

  it('knows a server of the run, in the leader or below', async () => {
    for (const command of [
      [node, program('listen.mjs'), '127.0.0.1'] as const,
      `"${node}" "${program('listen.mjs')}" 127.0.0.1 & wait`,
    ]) {
      const run = await runProgram(command);
      const port = Number(await run.line(/ready (\d+)/));
      const { owner, seen } = await listenerBelongsTo(port, run.target, '127.0.0.1');
      assert.equal(owner, 'ours', seen);
      assert.match(seen, new RegExp(`port ${port} is held by`));
    }
  });

  it('knows a server of the run that lost its mark', async () => {
    const run = await runProgram(`env -i "${node}" "${program('listen.mjs')}" & wait`);
    const port = Number(await run.line(/ready (\d+)/));
    assert.equal((await listenerBelongsTo(port, run.target)).owner, 'ours');
  });

  it("names another program's server", async () => {
    const { port } = await listening('127.0.0.1');
    const run = await runProgram('sleep 60');
    const { owner, seen } = await listenerBelongsTo(port, run.target);
    assert.equal(owner, 'foreign');
    assert.match(seen, new RegExp(`^port ${port} is held by .*listen\\.mjs.* \\(PID \\d+, user `));
    assert.equal((await listenerBelongsTo(port, new Set([run.pid]))).owner, 'foreign');
  });

  it('tells the families of localhost apart', async () => {
    const { run, port } = await listening('::1');
    await listening('127.0.0.1', port);
    assert.equal((await listenerBelongsTo(port, run.target, '::1')).owner, 'ours');
    assert.equal((await listenerBelongsTo(port, run.target, '127.0.0.1')).owner, 'foreign');
  });

  it('does not judge when nobody listens', async () => {
    const run = await runProgram('sleep 60');
    assert.equal((await listenerBelongsTo(await freePort(), run.target)).owner, 'unknown');
  });
});

describe('parseNetTcp', () => {
  it('reads listeners and nothing else from /proc/net/tcp', () => {
    const text = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31337 1 0 100 0 0 10 0',
      '   1: 0100007F:1388 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 31338 1 0 20 4 30 10 -1',
      '',
    ].join('\n');
    assert.deepEqual(parseNetTcp(text, 'IPv4'), [
      { address: '127.0.0.1', family: 'IPv4', port: 5000, uid: 1000, inode: '31337' },
    ]);
  });

  it('writes IPv6 addresses the usual way', () => {
    const row = (address: string): string =>
      `head\n 0: ${address}:0050 ${'0'.repeat(32)}:0000 0A 0:0 0:0 0 0 0 7 1`;
    for (const [hex, address] of [
      ['00000000000000000000000000000000', '::'],
      ['00000000000000000000000001000000', '::1'],
      ['0000000000000000FFFF00000100007F', '::ffff:7f00:1'],
      ['B80D0120000000000000000001000000', '2001:db8::1'],
    ] as const) {
      assert.equal(parseNetTcp(row(hex), 'IPv6')[0]?.address, address);
    }
  });
});
