import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainProcess } from '../../../src/config/plainProcess.ts';
import type { ProcessModel } from '../../../src/config/model.ts';
import { describeAll, folder, load, mark, modelOf, yaml } from './support.ts';

async function processOf(text: string, name = 'api'): Promise<ProcessModel> {
  const model = await modelOf(text, { hostEnv: { HOME: '/home/me', EMPTY: '' } });
  return model.processes.find((process) => process.name === name)!;
}

/** One process `api` with these fields. */
const one = (...fields: string[]): string =>
  ['processes:', '  api:', '    command: run', ...fields.map((field) => `    ${field}`)].join('\n');

describe('loadConfig', () => {
  it('fills in the defaults', async () => {
    const model = await modelOf(one());
    assert.deepEqual(model, {
      folder,
      configPath: `${folder}/dev-env.yaml`,
      autostart: false,
      onStartFailure: 'keep',
      activeProfiles: [],
      envFiles: [],
      processes: [
        plainProcess({
          name: 'api',
          command: 'run',
          workdir: folder,
          restart: {
            policy: 'on-failure',
            maxRetries: 5,
            delayMs: 1000,
            backoff: 2,
            maxDelayMs: 60_000,
            windowMs: 300_000,
            jitter: 0.1,
            breaker: { failures: 5, windowMs: 60_000, coolDownMs: 300_000 },
          },
        }),
      ],
    });
  });

  it('reads everything that can be written', async () => {
    const model = await modelOf(
      yaml`
      autostart: true
      on_start_failure: rollback
      env: { LEVEL: debug, VERSION: 1.10, ON: true }
      processes:
        - name: db
          description: The database
          command: [redis-server, --port, "\${port}", 0x10]
          port: 6379
        - name: migrate
          type: task
          command: migrate
          depends_on: [db]
        - name: api
          command: serve --level \${LEVEL} $$HOME $HOME
          workdir: ..
          port: 5000
          url: http://localhost:\${port}/docs
          autostart: false
          env: { DATABASE_URL: "redis://127.0.0.1:\${port:db}" }
          depends_on: { db: started, migrate: { condition: completed } }
          ready:
            http: /health
            status: 204
            headers: { Accept: text/plain }
            match_headers: { Server: ^x }
            match_body: ok
            timeout: 1500ms
          startup_timeout: 2m
          restart: { policy: unless-stopped, max_retries: unlimited, delay: 0s, backoff: 1.5, max_delay: 10s, window: 1m }
          stop: { signal: SIGINT, command: [stop, it], timeout: 0s }
    `.replaceAll('\\$', '$'),
    );
    assert.equal(model.autostart, true);
    assert.equal(model.onStartFailure, 'rollback');
    const [db, migrate, api] = model.processes;
    assert.deepEqual(db?.command, ['redis-server', '--port', '6379', '0x10']);
    assert.equal(db.description, 'The database');
    assert.equal(db.autostart, true);
    assert.deepEqual(db.ready, { kind: 'tcp', host: 'localhost', port: 6379, timeoutMs: 5000 });
    assert.deepEqual(migrate?.dependsOn, [{ name: 'db', condition: 'ready' }]);
    assert.equal(migrate.restart.policy, 'never');
    const expected = plainProcess({
      name: 'api',
      kind: 'service',
      description: undefined,
      command: 'serve --level debug $HOME $HOME',
      workdir: join(folder, '..'),
      env: {
        LEVEL: 'debug',
        VERSION: '1.10',
        ON: 'true',
        DATABASE_URL: 'redis://127.0.0.1:6379',
      },
      port: 5000,
      url: 'http://localhost:5000/docs',
      autostart: false,
      dependsOn: [
        { name: 'db', condition: 'started' },
        { name: 'migrate', condition: 'completed' },
      ],
      ready: {
        kind: 'http',
        url: 'http://localhost:5000/health',
        socketPath: undefined,
        method: 'GET',
        status: [204],
        headers: { Accept: 'text/plain' },
        matchHeaders: { Server: '^x' },
        matchBody: 'ok',
        timeoutMs: 1500,
      },
      startupTimeoutMs: 120_000,
      restart: {
        policy: 'unless-stopped',
        maxRetries: undefined,
        delayMs: 0,
        backoff: 1.5,
        maxDelayMs: 10_000,
        windowMs: 60_000,
        jitter: 0.1,
        breaker: { failures: 5, windowMs: 60_000, coolDownMs: 300_000 },
      },
      stop: { signal: 'SIGINT', command: ['stop', 'it'], timeoutMs: 0 },
    });
    assert.deepEqual(api, expected);
  });

  describe('readiness', () => {
    const cases: [string, string, unknown][] = [
      ['tcp with a port', 'tcp: 99', { kind: 'tcp', host: 'localhost', port: 99, timeoutMs: 5000 }],
      ['tcp with a host', 'tcp: db.local:99', { kind: 'tcp', host: 'db.local', port: 99, timeoutMs: 5000 }],
      ['tcp with IPv6', 'tcp: "[::1]:99"', { kind: 'tcp', host: '::1', port: 99, timeoutMs: 5000 }],
      ['tcp with a variable', 'tcp: "${port}"', { kind: 'tcp', host: 'localhost', port: 80, timeoutMs: 5000 }],
      ['command', 'command: check ${port}', { kind: 'command', command: 'check 80', timeoutMs: 5000 }],
      ['command as a list', 'command: [check]\n      timeout: 1s', { kind: 'command', command: ['check'], timeoutMs: 1000 }],
      ['log', 'log: on ${port}$', { kind: 'log', pattern: 'on 80$' }],
    ]; // prettier-ignore
    for (const [title, field, expected] of cases) {
      it(title, async () => {
        const api = await processOf(one('port: 80', 'ready:', `  ${field}`));
        assert.deepEqual(api.ready, expected);
      });
    }
  });

  describe('defaults', () => {
    it('are taken over key by key, the process first', async () => {
      const text = `defaults: { autostart: true, workdir: .., startup_timeout: 5s, restart: { policy: always, delay: 7s }, stop: { signal: SIGINT, timeout: 1s } }\n${one('restart: { delay: 2s }', 'stop: { timeout: 3s }')}`;
      const api = await processOf(text);
      assert.equal(api.autostart, true);
      assert.equal(api.workdir, join(folder, '..'));
      assert.equal(api.startupTimeoutMs, 5000);
      assert.deepEqual([api.restart.policy, api.restart.delayMs], ['always', 2000]);
      assert.deepEqual([api.stop.signal, api.stop.timeoutMs], ['SIGINT', 3000]);
    });
    it('do not repeat a task that is done', async () => {
      const api = await processOf(
        `defaults: { restart: always, startup_timeout: 5s }\n${one('type: task')}`,
      );
      assert.equal(api.restart.policy, 'on-failure');
    });
  });

  describe('ports', () => {
    it('are assigned one after the other', async () => {
      const asked: string[] = [];
      let isBusy = false;
      const model = await modelOf(
        'processes:\n  a: { command: "run ${port} ${port:b}", port: auto }\n  b: { command: run, port: auto }\n',
        {
          async assignPort(name) {
            assert.equal(isBusy, false);
            isBusy = true;
            await Promise.resolve();
            isBusy = false;
            return 5000 + asked.push(name);
          },
        },
      );
      assert.deepEqual(asked, ['a', 'b']);
      assert.equal(model.processes[0]?.command, 'run 5001 5002');
      assert.equal(model.processes[1]?.port, 5002);
    });
    it("can't be assigned", async () => {
      const { model, diagnostics } = await load(one('port: auto', 'url: http://x:${port}'), {
        assignPort: () => Promise.reject(new Error('none is free')),
      });
      assert.equal(model, undefined);
      assert.deepEqual(describeAll(diagnostics), [
        'error port-unassigned: No port could be assigned: none is free.',
      ]);
    });
    it('come from variables, of `env` too', async () => {
      const text = `env: { BASE: 70, API_PORT: "\${BASE}00", SELF: "http://x:\${port:api}" }\n${one('port: ${API_PORT}')}`;
      const api = await processOf(text);
      assert.equal(api.port, 7000);
      assert.equal(api.env['SELF'], 'http://x:7000');
    });
    it('are known as PORT', async () => {
      assert.equal((await processOf(one('port: 80', 'url: http://x:${PORT}'))).url, 'http://x:80');
    });
  });

  describe('environment', () => {
    let directory: string;
    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'dev-env-config-'));
      await writeFile(
        join(directory, 'top.env'),
        '\uFEFFA=top-file\r\nB=top-file\r\nC=top-file\r\nQ="x # y"\r\n',
      );
      await writeFile(
        join(directory, 'own.env'),
        'export C=own-file\nD=own-file\n# comment\nE=$A ${A}\n__proto__=x\n',
      );
      await writeFile(join(directory, 'utf16.env'), Buffer.from('A=1', 'utf16le'));
      await writeFile(join(directory, 'large.env'), 'A=1\n'.repeat(300_000));
    });
    after(() => rm(directory, { recursive: true }));

    it('is layered', async () => {
      const text = yaml`
        env_file: [top.env, { path: none.env, required: false }]
        env: { B: "top>$<B>", F: "$<HOME>" }
        processes:
          api:
            command: "$<A> $<B> $<C> $<D> $<F>"
            env_file: own.env
            env: { D: "own>$<D>", G: "$<D>+$<C>" }
      `.replaceAll(/\$<(\w+)>/g, '${$1}');
      const model = await modelOf(text, {
        folder: directory,
        hostEnv: { A: 'host', HOME: '/home' },
      });
      const [api] = model.processes;
      assert.deepEqual(api?.env, {
        A: 'top-file',
        B: 'top>top-file',
        C: 'own-file',
        Q: 'x # y',
        F: '/home',
        D: 'own>own-file',
        E: '$A ${A}',
        G: 'own>own-file+own-file',
      });
      assert.equal(api.command, 'top-file top>top-file own-file own>own-file /home');
      const files = ['top.env', 'none.env', 'own.env'].map((name) => join(directory, name));
      assert.deepEqual(model.envFiles, files);
    });

    it("can't be read from everything", async () => {
      const text = one('env_file: [utf16.env, large.env]');
      const { diagnostics, envFiles } = await load(text, { folder: directory });
      assert.deepEqual(describeAll(diagnostics), [
        'error env-file-unreadable: The env file "utf16.env" can\'t be read: it is not UTF-8 text.',
        'error env-file-unreadable: The env file "large.env" can\'t be read: it is larger than 1 MB.',
      ]);
      assert.equal(envFiles.length, 2);
    });

    it("does not show the editor's own variables", async () => {
      const text = one(
        'env: { A: "${VSCODE_PID:-none} ${ELECTRON_RUN_AS_NODE:-none} ${env:HOME}" }',
      );
      const hostEnv = { VSCODE_PID: '1', ELECTRON_RUN_AS_NODE: '1', HOME: '/home' };
      const model = await modelOf(text, { hostEnv });
      assert.equal(model.processes[0]?.env['A'], 'none none /home');
    });
  });

  describe('YAML', () => {
    it('merges maps', async () => {
      const model = await modelOf(yaml`
        processes:
          - &base { name: a, command: run, env: { A: 1 } }
          - { <<: *base, name: b, port: 5 }
          - { <<: [{ port: 6 }, *base], name: c }
      `);
      assert.deepEqual(
        model.processes.map(({ name, command, port, env }) => [name, command, port, env]),
        [['a', 'run', undefined, { A: '1' }], ['b', 'run', 5, { A: '1' }], ['c', 'run', 6, { A: '1' }]], // prettier-ignore
      );
    });
    it('says at the anchor, once, what is wrong in what several share', async () => {
      const text =
        'processes:\n  a: { command: x, stop: &s { timeout: 5 } }\n  b: { command: x, stop: *s }\n';
      const { diagnostics } = await load(text);
      assert.equal(mark(text, diagnostics), text.replace('5', '«5»'));
    });
    it('takes odd names as any other', async () => {
      const model = await modelOf(
        'processes:\n  constructor: { command: x, env: { toString: 1, hasOwnProperty: 2 } }\n  valueOf: { command: x, depends_on: { constructor: ready } }\n',
      );
      assert.deepEqual(
        model.processes.map(({ name }) => name),
        ['constructor', 'valueOf'],
      );
      assert.deepEqual(Object.entries(model.processes[0]!.env), [['toString', '1'], ['hasOwnProperty', '2']]); // prettier-ignore
    });
    it('has lines that end in CR LF', async () => {
      const text = one('port: 0', 'url: x').replaceAll('\n', '\r\n');
      const { diagnostics } = await load(text);
      assert.equal(mark(text, diagnostics), text.replace('0', '«0»').replace('url: x', 'url: «x»'));
      assert.deepEqual(
        diagnostics.map(({ range }) => [range.start.line, range.start.column, range.end.column]),
        [[3, 10, 11], [4, 9, 10]], // prettier-ignore
      );
    });
  });

  describe('index', () => {
    it('has the places of processes and of what refers to them', async () => {
      const text = yaml`
        processes:
          - name: api
            command: x
            depends_on: [db, nobody]
          - command: y
            name: db
      `;
      const { index } = await load(text);
      const slice = ({
        start,
        end,
      }: {
        start: { offset: number };
        end: { offset: number };
      }): string => text.slice(start.offset, end.offset);
      const api = index.processes.get('api')!;
      assert.equal(slice(api.nameRange), 'api');
      assert.equal(
        slice(api.entryRange),
        'name: api\n    command: x\n    depends_on: [db, nobody]',
      );
      assert.equal(slice(api.sections.get('command')!.valueRange), 'x');
      assert.equal(slice(api.sections.get('depends_on')!.keyRange), 'depends_on');
      assert.equal(slice(index.processes.get('db')!.entryRange), 'command: y\n    name: db');
      assert.deepEqual(
        index.references.map(({ from, name, range }) => [from, name, slice(range)]),
        [['api', 'db', 'db'], ['api', 'nobody', 'nobody']], // prettier-ignore
      );
    });
    it('is there for a file with errors', async () => {
      const { index, model } = await load(
        'processes:\n  api: { command: x, depends_on: { db: ready } }\n  db:\n    command: [\n',
      );
      assert.equal(model, undefined);
      assert.deepEqual([...index.processes.keys()], ['api', 'db']);
      assert.deepEqual(
        index.references.map(({ name }) => name),
        ['db'],
      );
    });
  });

  it('says everything at once', async () => {
    const text = yaml`
      autostrt: true
      processes:
        - name: api
          command: run
          port: 70000
          depends_on: [dbb]
          stop: { timeout: 5 }
        - name: db
          comand: run
          url: http://x/$A
    `.replace('$A', '${A}');
    const { diagnostics } = await load(text);
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['unknown-key', 'wrong-type', 'unknown-dependency', 'wrong-unit', 'missing-key', 'unknown-key', 'unset-variable'], // prettier-ignore
    );
  });
});
