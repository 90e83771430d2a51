import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExternalSource, ProcessModel } from '../../../../src/config/model.ts';
import type { ProcessSnapshot } from '../../../../src/controller/snapshot.ts';
import { identify } from '../../../../src/process/identity.ts';
import { freePort } from '../../../../src/process/ports.ts';
import { RecordStore } from '../../../../src/store/recordStore.ts';
import { nextHost } from '../../../support/nextHost.ts';
import {
  environmentModel,
  openTestEnvironment,
  processModel,
  program,
} from '../../../support/testEnvironment.ts';

const isRunning = ({ state }: ProcessSnapshot): boolean => state === 'running';

function external(source: ExternalSource, more: Partial<ProcessModel> = {}): ProcessModel {
  return processModel('db', [''], { kind: 'external', external: source, ...more });
}

/** Somebody else's server, which says on which signal it was ended. */
class Server implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(port: number) {
    this.child = spawn(process.execPath, [program('listen.mjs'), '127.0.0.1', String(port)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#ended = once(this.child, 'exit');
  }

  static async start(port: number): Promise<Server> {
    const server = new Server(port);
    await once(server.child.stdout!, 'data');
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#ended;
  }
}

describe('External processes', () => {
  it('are waited for with the reason, found, lost and found again, and never signalled', async () => {
    const port = await freePort();
    const api = processModel('api', 'exec sleep 600', {
      dependsOn: [{ name: 'db', condition: 'ready' }],
    });
    await using test = await openTestEnvironment([external({ kind: 'port', port }, { port }), api]);
    const { environment } = test;
    void environment.start();
    const waiting = await test.until('db', ({ reason }) => reason !== undefined);
    assert.deepEqual(
      [waiting.state, waiting.reason],
      ['waiting', `nobody listens on port ${port}`],
    );
    assert.match(environment.process('api')?.reason ?? '', /^waiting for db/);
    {
      await using server = await Server.start(port);
      const { pid } = await test.until('db', isRunning);
      assert.equal(pid, server.child.pid);
      await test.until('api', isRunning);
      await environment.stop(['db']);
      assert.deepEqual(
        ['db', 'api'].map((name) => environment.process(name)?.state),
        ['stopped', 'stopped'],
      );
      assert.deepEqual([server.child.exitCode, server.child.signalCode], [null, null]);
      await environment.start();
      await environment.restart(['db']);
      assert.equal(environment.process('db')?.pid, server.child.pid);
      assert.equal(server.child.signalCode, null);
    }
    const gone = await test.until(
      'db',
      ({ state, reason }) => state === 'waiting' && reason !== undefined,
    );
    assert.deepEqual(
      [gone.health, gone.healthReason],
      ['unhealthy', `nobody listens on port ${port}`],
    );
    assert.equal(environment.process('api')?.state, 'running');
    await using server = await Server.start(port);
    assert.equal((await test.until('db', isRunning)).pid, server.child.pid);
  });

  it('are watched again after the end of the host', async () => {
    const port = await freePort();
    await using server = await Server.start(port);
    await using test = await openTestEnvironment([external({ kind: 'port', port })]);
    await test.environment.start();
    await using next = await nextHost(test);
    const { state, pid, run } = next.environment.process('db')!;
    assert.deepEqual([state, pid, run], ['running', server.child.pid, 1]);
    server.child.kill('SIGKILL');
    await next.until('db', ({ state: now, reason }) => now === 'waiting' && reason !== undefined);
    await using later = await nextHost({ ...test, environment: next.environment });
    await later.until('db', ({ reason }) => reason === `nobody listens on port ${port}`);
    await using another = await Server.start(port);
    assert.equal((await later.until('db', isRunning)).pid, another.child.pid);
  });

  it('are looked for again by the next host when nobody tells their PID', async () => {
    const port = await freePort();
    await using test = await openTestEnvironment([external({ kind: 'port', port })]);
    {
      await using server = await Server.start(port);
      await test.environment.start();
      assert.equal(test.environment.process('db')?.pid, server.child.pid);
      await test.environment.flush();
      test.environment.dispose();
      await test.environment.flush();
      // As with the server of another user, whose PID the system keeps to itself.
      const records = new RecordStore({ folder: test.stateFolder, onWriteError: assert.ifError });
      const [record] = (await records.readAll('look')).records;
      const { pid, startTime, processGroup, ...unknown } = record!;
      records.writeSync(unknown);
    }
    await using next = await nextHost(test);
    await next.until('db', ({ reason }) => reason === `nobody listens on port ${port}`);
  });

  it('are ours no longer, or not yet, until the run of before is over', async () => {
    const port = await freePort();
    await using server = await Server.start(port);
    await using test = await openTestEnvironment([external({ kind: 'port', port })]);
    const { environment } = test;
    await environment.start();
    // Ours from the next start on, and its command is nowhere.
    const ours = processModel('db', ['no-such-program-anywhere']);
    environment.setModel(environmentModel(test.folder, [ours]));
    const [failed] = (await environment.restart(['db'])).failed;
    assert.equal(failed?.name, 'db');
    assert.equal(environment.process('db')?.failure, 'spawn-error');

    environment.setModel(environmentModel(test.folder, [processModel('db', 'exec sleep 600')]));
    await environment.start(['db']);
    const { pid } = environment.process('db')!;
    const absent = await freePort();
    environment.setModel(environmentModel(test.folder, [external({ kind: 'port', port: absent })]));
    void environment.restart(['db']);
    await test.until('db', ({ reason }) => reason === `nobody listens on port ${absent}`);
    assert.equal(environment.process('db')?.state, 'waiting');
    environment.setModel(environmentModel(test.folder, [external({ kind: 'port', port })]));
    await environment.applyChanges();
    assert.equal(environment.process('db')?.pid, server.child.pid);
    assert.equal(await identify(pid!), undefined);
    await environment.stop(['db']);
    assert.equal(server.child.signalCode, null);
  });

  it('are told from our own by the next host, whatever the file says by then', async () => {
    const port = await freePort();
    await using server = await Server.start(port);
    const sleeper = processModel('db', 'exec sleep 600');
    const database = external({ kind: 'port', port });
    {
      await using test = await openTestEnvironment([database]);
      await test.environment.start();
      test.environment.setModel(environmentModel(test.folder, [sleeper]));
      await using next = await nextHost(test);
      assert.equal(next.environment.process('db')?.pid, server.child.pid);
      await next.environment.stop();
      assert.equal(server.child.signalCode, null);
    }
    await using test = await openTestEnvironment([sleeper]);
    await test.environment.start();
    const { pid } = test.environment.process('db')!;
    test.environment.setModel(environmentModel(test.folder, [database]));
    await using next = await nextHost(test);
    assert.equal(next.environment.process('db')?.pid, pid);
    await next.environment.stop();
    assert.equal(await identify(pid!), undefined);
  });

  it('are found by a PID file, unless the PID is that of a later program', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dev-env-pid-'));
    const path = join(folder, 'db.pid');
    await using server = await Server.start(await freePort());
    await using test = await openTestEnvironment([external({ kind: 'pid-file', path })]);
    void test.environment.start();
    await test.until('db', ({ reason }) => reason === `there is no PID file ${path}`);
    await writeFile(path, `${server.child.pid}\n`);
    assert.equal((await test.until('db', isRunning)).pid, server.child.pid);
    await test.environment.stop();
    if (process.platform === 'linux') {
      const longAgo = new Date(Date.now() - 3_600_000);
      await utimes(path, longAgo, longAgo);
      void test.environment.start();
      await test.until(
        'db',
        ({ reason }) => reason?.endsWith('belongs to a later program') === true,
      );
    }
    await rm(folder, { recursive: true });
  });

  it('are found by their command line', async () => {
    const port = await freePort();
    await using test = await openTestEnvironment([
      external({ kind: 'command', pattern: `listen\\.mjs 127\\.0\\.0\\.1 ${port}` }),
    ]);
    void test.environment.start();
    await test.until('db', ({ reason }) => reason?.startsWith('no command line matches') === true);
    await using server = await Server.start(port);
    assert.equal((await test.until('db', isRunning)).pid, server.child.pid);
  });
});
