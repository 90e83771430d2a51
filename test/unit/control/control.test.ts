import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { type IncomingMessage, request } from 'node:http';
import { spawn } from 'node:child_process';
import { ControlClient } from '../../../src/control/controlClient.ts';
import { ControlServer } from '../../../src/control/controlServer.ts';
import { ControllerTarget } from '../../../src/control/controlTarget.ts';
import { findOwner } from '../../../src/control/findOwner.ts';
import {
  type ControlEvent,
  type Owner,
  processSchema,
  toWire,
} from '../../../src/control/protocol.ts';
import { EnvironmentSession } from '../../../src/controller/environmentSession.ts';
import type { ProcessModel } from '../../../src/config/model.ts';
import { skip } from '../../support/skip.ts';
import { openTestEnvironment, processModel } from '../../support/testEnvironment.ts';
import type { TestEnvironment } from '../../support/testEnvironment.ts';
import { until } from '../../support/until.ts';

const owner: Owner = { kind: 'terminal', pid: process.pid, label: 'a test' };
const sleeper = (name: string, more: Partial<ProcessModel> = {}): ProcessModel =>
  processModel(name, ['sleep', '600'], more);

interface Served extends AsyncDisposable {
  readonly test: TestEnvironment;
  readonly server: ControlServer;
  readonly client: ControlClient;
}

async function serve(processes: readonly ProcessModel[]): Promise<Served> {
  const test = await openTestEnvironment(processes);
  const target = new ControllerTarget(test.environment, { owner });
  const { socketPath } = test.stateFolder;
  const server = await ControlServer.open(target, socketPath);
  return {
    test,
    server,
    client: new ControlClient(socketPath),
    async [Symbol.asyncDispose]() {
      await server.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

/** What the socket answers to words that no client of ours says. */
async function raw(
  socketPath: string,
  method: string,
  path: string,
  body?: string,
): Promise<{ status: number | undefined; code: string }> {
  const call = request({ socketPath, method, path, agent: false });
  call.end(body);
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  let text = '';
  for await (const piece of response.setEncoding('utf8') as AsyncIterable<string>) text += piece;
  return { status: response.statusCode, code: (JSON.parse(text) as { code: string }).code };
}

function withoutUndefined(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('the control socket', () => {
  it('tells what there is, and starts, restarts and stops by name', async () => {
    await using served = await serve([sleeper('db'), sleeper('api')]);
    const { client } = served;
    const before = await client.status();
    assert.deepEqual(before.owner, owner);
    assert.deepEqual(
      before.processes.map(({ name, state }) => [name, state]),
      [
        ['db', 'stopped'],
        ['api', 'stopped'],
      ],
    );
    const started = await client.start({ names: ['db'] });
    assert.deepEqual(started, { succeeded: ['db'], failed: [], cancelled: [] });
    const first = (await client.status()).processes[0];
    assert.equal(first?.state, 'running');
    await client.restart({ names: ['db'] });
    const second = (await client.status()).processes[0];
    assert.notEqual(second?.pid, first.pid);
    assert.equal(second?.run, 2);
    const stopped = await client.stop();
    assert.deepEqual([...stopped.succeeded].sort(), ['api', 'db']);
    assert.equal(served.test.environment.process('db')?.stoppedBy, 'you');
  });

  it('tells of a process what the protocol names, and nothing else', async () => {
    await using served = await serve([
      sleeper('db'),
      sleeper('api', { dependsOn: [{ name: 'db', condition: 'ready', restart: true }] }),
    ]);
    const { environment } = served.test;
    await environment.start();
    await environment.stop();
    for (const snapshot of environment.processes()) {
      const told = toWire(snapshot);
      assert.deepEqual(told, withoutUndefined(processSchema.parse(snapshot)));
      assert.ok(told.lastExit !== undefined);
    }
  });

  it('tells every change from the first status on', async () => {
    await using served = await serve([sleeper('db')]);
    const events: ControlEvent[] = [];
    const subscription = served.client.follow((event) => events.push(event));
    await until('the status', () => events.length > 0);
    assert.equal(events[0]?.kind, 'status');
    await served.client.start();
    await until('running', () =>
      events.some((event) => event.kind === 'change' && event.processes[0]?.state === 'running'),
    );
    const run = events.find((event) => event.kind === 'run');
    assert.equal(run?.what, 'began');
    assert.ok(existsSync(run.logPath));
    subscription.dispose();
  });

  it('goes on with a start whose asker has gone', async () => {
    await using served = await serve([
      processModel('slow', 'sleep 0.3; echo up; exec sleep 600', {
        ready: { kind: 'log', pattern: '^up$' },
      }),
    ]);
    const call = request({
      socketPath: served.test.stateFolder.socketPath,
      method: 'POST',
      path: '/v1/start',
      agent: false,
    });
    call.on('error', () => undefined);
    call.end('{}');
    await served.test.until('slow', ({ state }) => state === 'starting');
    call.destroy();
    const { state } = await served.test.until('slow', (process) => process.state !== 'starting');
    assert.equal(state, 'running');
  });

  it('refuses what it does not know, with a code', async () => {
    await using served = await serve([sleeper('db')]);
    const { socketPath } = served.test.stateFolder;
    const cases = [
      ['GET', '/', undefined, 400, 'bad-request'],
      ['GET', '/v1/stop', undefined, 400, 'bad-request'],
      ['POST', '/v1/start', '{', 400, 'bad-request'],
      ['POST', '/v1/start', '{"names": "db"}', 400, 'bad-request'],
      ['POST', '/v1/stop', '{"names": ["nobody"]}', 404, 'unknown-process'],
    ] as const;
    for (const [method, path, body, status, code] of cases) {
      assert.deepEqual(await raw(socketPath, method, path, body), { status, code }, path);
    }
    await assert.rejects(served.client.start({ names: ['nobody'] }), { code: 'unknown-process' });
    const long = JSON.stringify({ names: ['x'.repeat(2 * 1024 * 1024)] });
    assert.equal((await raw(socketPath, 'POST', '/v1/start', long)).code, 'bad-request');
  });

  it('is for this user only', async function () {
    if (process.platform === 'win32') skip(this, 'a pipe has no mode');
    await using served = await serve([sleeper('db')]);
    assert.equal(statSync(served.test.stateFolder.socketPath).mode & 0o777, 0o600);
  });

  it('takes the place of a socket whose owner is dead', async function () {
    if (process.platform === 'win32') skip(this, 'a pipe ends with its owner');
    await using test = await openTestEnvironment([sleeper('db')]);
    const { socketPath } = test.stateFolder;
    // One that is killed cannot remove its socket file.
    const dead = spawn(process.execPath, [
      '-e',
      `require('node:net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    await once(dead, 'close');
    assert.ok(existsSync(socketPath));
    assert.equal(await findOwner(test.stateFolder), undefined);
    const server = await ControlServer.open(
      new ControllerTarget(test.environment, { owner }),
      socketPath,
    );
    assert.equal((await new ControlClient(socketPath).status()).processes.length, 1);
    await server.close();
    assert.ok(!existsSync(socketPath));
  });

  it('does not take something else that listens there for an owner', async () => {
    await using test = await openTestEnvironment([sleeper('db')]);
    const other = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n{"protocol": 99}'));
    other.listen(test.stateFolder.socketPath);
    await once(other, 'listening');
    const client = new ControlClient(test.stateFolder.socketPath);
    await assert.rejects(client.status(), { code: 'owner-unreachable' });
    assert.equal(await findOwner(test.stateFolder), undefined);
    other.close();
  });

  it('tells those who wait that the owner has left, and ends their streams', async () => {
    await using served = await serve([
      processModel('never', ['sleep', '600'], { ready: { kind: 'log', pattern: 'never' } }),
    ]);
    const { client, server, test } = served;
    const events: ControlEvent[] = [];
    client.follow((event) => events.push(event));
    const started = client.start();
    const refused = assert.rejects(started, { code: 'owner-left' });
    await test.until('never', ({ state }) => state === 'starting');
    await until('the stream', () => events.length > 0);
    await server.close();
    await refused;
    await until('the end', () => events.at(-1)?.kind === 'end');
    await assert.rejects(client.status(), { code: 'owner-unreachable' });
  });

  it('drops a reader that never reads, and serves the others', async () => {
    await using served = await serve([sleeper('db')]);
    const deaf = connect(served.test.stateFolder.socketPath);
    deaf.pause();
    deaf.write('GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n');
    deaf.on('error', () => undefined);
    for (let i = 0; i < 20; i += 1) await served.client.restart();
    assert.equal((await served.client.status()).processes[0]?.run, 20);
    deaf.destroy();
  });

  it('is closed before its environment is free for the next owner', async () => {
    await using test = await openTestEnvironment([]);
    test.environment.dispose();
    const open = async (): Promise<EnvironmentSession> => {
      const opened = await EnvironmentSession.open({
        model: test.environment.model,
        stateFolder: test.stateFolder,
        hostEnv: process.env,
        label: 'a test',
        waitMs: 60_000,
        attach: (environment) =>
          ControlServer.open(new ControllerTarget(environment, { owner }), socketPath),
      });
      assert.equal(opened.kind, 'owned');
      return opened.session;
    };
    const { socketPath } = test.stateFolder;
    const first = await open();
    const second = open();
    await first.release();
    const session = await second;
    assert.equal((await findOwner(test.stateFolder))?.status.owner?.label, 'a test');
    await session.release();
  });
});
