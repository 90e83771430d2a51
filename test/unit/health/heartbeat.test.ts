import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../../../src/base/clock.ts';
import type { HeartbeatLine } from '../../../src/health/heartbeatLines.ts';
import { parseHeartbeatLine } from '../../../src/health/heartbeatLines.ts';
import {
  createHeartbeatLivenessProbe,
  createHeartbeatProbe,
} from '../../../src/health/heartbeatProbes.ts';
import { HeartbeatSocket } from '../../../src/health/heartbeatSocket.ts';
import { waitUntilReady } from '../../../src/health/waitUntilReady.ts';
import { until } from '../../support/until.ts';
import { skip } from '../../support/skip.ts';

const never = new AbortController().signal;

describe('a line of the heartbeat', () => {
  const table: [line: string, meaning: HeartbeatLine | undefined][] = [
    ['READY=1', { kind: 'ready' }],
    ['READY=1\r', { kind: 'ready' }],
    ['READY=0', undefined],
    ['WATCHDOG=1', { kind: 'beat' }],
    ['WATCHDOG=trigger', undefined],
    ['STATUS=', { kind: 'status', text: '' }],
    ['STATUS= 3 jobs left ', { kind: 'status', text: '3 jobs left' }],
    ['STATUS=\u001b[31mred\u001b[0m\u0007!', { kind: 'status', text: 'red !' }],
    [`STATUS=${'x'.repeat(300)}`, { kind: 'status', text: 'x'.repeat(200) }],
    ['MAINPID=1', undefined],
    ['', undefined],
    ['GET / HTTP/1.1', undefined],
  ];
  for (const [line, meaning] of table) {
    it(JSON.stringify(line.slice(0, 40)), () => {
      assert.deepEqual(parseHeartbeatLine(line), meaning);
    });
  }
});

describe('the heartbeat socket', () => {
  let folder: string;
  let path: string;
  const sockets: HeartbeatSocket[] = [];
  const clients: Socket[] = [];

  beforeEach(function () {
    if (process.platform === 'win32') skip(this, 'is about sockets in the file system');
    folder = mkdtempSync(join(tmpdir(), 'dev-env-beat-'));
    path = join(folder, 's');
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
    for (const socket of sockets.splice(0)) socket.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  async function listen(mask?: (text: string) => string): Promise<HeartbeatSocket> {
    const socket = new HeartbeatSocket({
      path,
      folder: undefined,
      ...(mask === undefined ? {} : { mask }),
    });
    sockets.push(socket);
    await socket.listen();
    return socket;
  }

  function client(): Socket {
    const socket = connect(path).on('error', () => undefined);
    clients.push(socket);
    return socket;
  }

  const send = (text: string): unknown => client().end(text);

  it('is for this user only', async () => {
    await listen();
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('hears that the process is ready, and wakes who waits for it', async () => {
    const socket = await listen();
    const probe = createHeartbeatProbe(socket);
    assert.deepEqual(await probe.check(never), { ok: false, seen: 'no READY=1 yet' });
    const waiting = waitUntilReady(probe, { clock: systemClock, signal: never });
    send('READY=1\n');
    assert.equal(await waiting, 'ready');
    assert.deepEqual(await probe.check(never), { ok: true, seen: 'READY=1' });
    probe.dispose?.();
  });

  it('takes lines in pieces, several at once, and a last one without a line feed', async () => {
    const socket = await listen((text) => text.replace('hunter22', '•••'));
    const beats: string[] = [];
    socket.onDidHear(({ kind }) => beats.push(kind));
    const slow = client();
    slow.write('WATCH');
    await new Promise(setImmediate);
    slow.write('DOG=1\nnonsense\nSTATUS=busy with hunter22\nWATCH');
    await until('its status', () => socket.statusText === 'busy with •••');
    slow.end('DOG=1');
    await until('all of it', () => beats.length === 3);
    assert.deepEqual(beats, ['beat', 'status', 'beat']);
    send('STATUS=\n');
    await until('the end of the status', () => socket.statusText === undefined);
  });

  it('tells beats since the last look, and misses them', async () => {
    const socket = await listen();
    const probe = createHeartbeatLivenessProbe(socket);
    let heard = 0;
    socket.onDidHear(() => heard++);
    send('WATCHDOG=1\nWATCHDOG=1\n');
    await until('both', () => heard === 2);
    assert.deepEqual(await probe.check(never), { ok: true, seen: 'WATCHDOG=1' });
    assert.deepEqual(await probe.check(never), {
      ok: false,
      seen: 'no WATCHDOG=1 since the last look',
    });
    send('STATUS=stuck\n');
    await until('its status', () => socket.statusText === 'stuck');
    assert.equal((await probe.check(never)).ok, false);
    probe.dispose?.();
  });

  it('ends a connection that sends a line without end, and goes on with the others', async () => {
    const socket = await listen();
    const flood = client();
    const closed = new Promise((resolve) => flood.once('close', resolve));
    const more = (): void => {
      while (!flood.destroyed && flood.write('x'.repeat(65_536)));
    };
    flood.on('drain', more).once('connect', more);
    await closed;
    send('READY=1\n');
    await until('the others', () => socket.isReady);
  });

  it('keeps a bounded number of connections, the newest', async () => {
    const socket = await listen();
    const many = Array.from({ length: 40 }, client);
    await until('the end of the oldest', () => many.filter((each) => each.destroyed).length === 24);
    send('READY=1\n');
    await until('the newest', () => socket.isReady);
  });

  it('listens at the same address again, after a reload and after a crash', async () => {
    const first = await listen();
    const second = new HeartbeatSocket({ path, folder: undefined });
    sockets.push(second);
    // As after a crash: the file of the first is still there.
    await second.listen();
    send('STATUS=second\n');
    await until('the second', () => second.statusText === 'second');
    assert.equal(first.statusText, undefined);
    second.dispose();
    const third = await listen();
    send('STATUS=third\n');
    await until('the third', () => third.statusText === 'third');
  });

  it('can be put into a private folder, and not into one of others', async () => {
    const inside = join(folder, 'mine');
    const socket = new HeartbeatSocket({ path: join(inside, 's'), folder: inside });
    sockets.push(socket);
    await socket.listen();
    assert.equal(statSync(inside).mode & 0o777, 0o700);
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    const refused = new HeartbeatSocket({ path: join(open, 's'), folder: open });
    await assert.rejects(refused.listen(), /is not private to this user/);
  });

  const page = readFileSync(join(import.meta.dirname, '../../../docs/probes.md'), 'utf8');
  const programs = {
    sh: (line: string) => ['/bin/sh', '-c', line],
    js: (line: string) => [process.execPath, '-e', line],
    python: (line: string) => ['python3', '-c', line],
  } as const;
  for (const [language, commandOf] of Object.entries(programs)) {
    it(`hears the sender in docs/probes.md for ${language}`, async () => {
      const line = new RegExp(`\`\`\`${language}\\n(.+)\\n\`\`\``).exec(page)?.[1] ?? '';
      const [file = '', ...args] = commandOf(line);
      const run = (): Promise<unknown> =>
        promisify(execFile)(file, args, { env: { ...process.env, DEV_ENV_SOCKET: path } });
      // While nobody listens it fails silently.
      await run();
      const socket = await listen();
      await run();
      await until('READY=1', () => socket.isReady);
    });
  }
});
