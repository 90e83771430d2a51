import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DevEnvError } from '../../../../src/base/errors.ts';
import { planLaunch } from '../../../../src/process/launch.ts';
import { createNodeRunner } from '../../../../src/process/runners/nodeRunner.ts';
import { findPython } from '../../../../src/process/runners/pythonInterpreter.ts';
import { RunnerRegistry } from '../../../../src/process/runners/runnerRegistry.ts';
import { FakeClock } from '../../../support/fakeClock.ts';
import { skip } from '../../../support/skip.ts';

describe('runners', () => {
  let folder: string;
  const registry = new RunnerRegistry();
  const baseEnv = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name, value]) => value !== undefined && !/^(VIRTUAL_ENV|CONDA_PREFIX)$/.test(name),
    ),
  ) as Record<string, string>;

  it('waits for one that is about to be added, until the time is over or nobody wants it', async () => {
    const clock = new FakeClock();
    const late = new RunnerRegistry(clock);
    const unknown = { code: 'unknown-runner' };
    const { signal } = new AbortController();
    await assert.rejects(late.find('deno', signal), unknown);
    late.expectMore(1_000);
    const runner = { resolve: () => ({ command: 'true' }) };
    const found = late.find('deno', signal);
    late.register('bun', runner);
    late.register('deno', runner);
    assert.equal(await found, runner);
    await assert.rejects(late.find('other', AbortSignal.abort()), unknown);
    const never = assert.rejects(late.find('other', signal), unknown);
    await clock.advance(1_000);
    await never;
    assert.equal(clock.pending, 0);
  });

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'dev-env-runner-')));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string): void => {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };

  interface Ended {
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }

  async function run(
    name: string,
    options: Readonly<Record<string, unknown>>,
    extra: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    const context = { workdir: folder, folder, env: { ...baseEnv, ...extra } };
    const { command, env } = await registry.get(name).resolve(options, context);
    const all = { ...context.env, ...env };
    const { file, args } = planLaunch(command, folder, all);
    const ended = spawnSync(file, args, { cwd: folder, env: all, encoding: 'utf8' });
    return { code: ended.status, stdout: ended.stdout, stderr: ended.stderr };
  }

  const refused = async (
    name: string,
    options: Readonly<Record<string, unknown>>,
    message: RegExp,
  ): Promise<void> => {
    await assert.rejects(run(name, options), (error) => {
      assert.ok(error instanceof DevEnvError);
      assert.match(error.message, message);
      return true;
    });
  };

  /** A program that says which one it is, in the place of an interpreter. */
  const stub = (name: string): string => {
    write(name, '#!/bin/sh\necho "$0" "$@"\n');
    chmodSync(path.join(folder, name), 0o755);
    return path.join(folder, name);
  };

  it('runs commands in the shell and as they are', async () => {
    assert.equal((await run('shell', { command: 'echo $((1 + 2))' })).stdout, '3\n');
    assert.equal((await run('argv', { args: ['echo', '$((1 + 2))'] })).stdout, '$((1 + 2))\n');
    await refused('shell', {}, /"command" is missing/);
    await refused('argv', { args: 'echo' }, /"args" must be a list/);
  });

  it('names the runners there are when one is unknown', async () => {
    await refused('deno', {}, /no runner "deno".*shell, argv, node, python/);
  });

  it('takes runners of others, until they are taken back', async () => {
    const registration = registry.register('twice', {
      resolve: (options) => ({
        command: ['echo', String(options['word']), String(options['word'])],
      }),
    });
    assert.throws(() => registry.register('twice', { resolve: () => ({ command: '' }) }));
    assert.equal((await run('twice', { word: 'a b' })).stdout, 'a b a b\n');
    assert.equal(registry.describe('twice', {}), 'twice');
    registration.dispose();
    await refused('twice', {}, /no runner/);
  });

  describe('node', () => {
    it('runs a script with its arguments', async () => {
      write('-s.mjs', 'console.log(JSON.stringify(process.argv.slice(2)))');
      const { stdout, code } = await run('node', { script: '-s.mjs', args: ['a b', '"', 3] });
      assert.deepEqual([stdout, code], ['["a b","\\"","3"]\n', 0]);
      await refused('node', {}, /"script" is missing/);
    });

    it("uses the editor's own Node where none is installed", async () => {
      const options = { script: 'server.js' };
      const context = { workdir: folder, folder, env: { PATH: path.join(folder, 'empty') } };
      assert.deepEqual(
        await createNodeRunner({ execPath: '/opt/code', isElectron: true }).resolve(
          options,
          context,
        ),
        {
          command: ['/opt/code', path.join(folder, 'server.js')],
          env: { ELECTRON_RUN_AS_NODE: '1' },
        },
      );
      // Of a server, which is a Node.
      assert.deepEqual(
        await createNodeRunner({ execPath: '/opt/node', isElectron: false }).resolve(
          options,
          context,
        ),
        { command: ['/opt/node', path.join(folder, 'server.js')] },
      );
    });
  });

  describe('python', () => {
    let hasPython = false;
    before(() => {
      hasPython = spawnSync('python3', ['--version']).status === 0;
    });
    const needPython = (context: Mocha.Context): void => {
      if (!hasPython) skip(context, 'there is no Python 3 here');
    };

    it('runs a script or a module with its arguments', async function () {
      needPython(this);
      write('work.py', 'import sys\nprint(sys.argv[1:])');
      assert.equal((await run('python', { script: 'work.py', args: ['a b'] })).stdout, "['a b']\n");
      write('shop/tool.py', 'import sys\nprint(__name__, sys.argv[1:])');
      const { stdout } = await run('python', { module: 'shop.tool', args: ['x'] });
      assert.equal(stdout, "__main__ ['x']\n");
    });

    it('calls a function: what it returns is the exit code, what it throws a traceback', async function () {
      needPython(this);
      write(
        'shop/workers.py',
        [
          'import sys',
          'def say(*values): print(sys.argv, values)',
          'def code(value): return int(value)',
          'def true(): return True',
          'def fail(): raise ValueError("no such worker")',
          'async def later(): return 5',
          'class Queue:',
          '    @staticmethod',
          '    def main(): return 6',
        ].join('\n'),
      );
      const call = (name: string, ...args: string[]): Promise<Ended> =>
        run('python', { function: `shop.workers:${name}`, args });
      const nasty = `'); import os; print("`;
      const said = await call('say', nasty);
      assert.equal(said.code, 0);
      assert.ok(said.stdout.includes("'shop.workers:say'"), said.stdout);
      assert.ok(said.stdout.includes('import os; print('), said.stdout);
      assert.equal((await call('code', '7')).code, 7);
      assert.equal((await call('true')).code, 0);
      assert.equal((await call('later')).code, 5);
      assert.equal((await call('Queue.main')).code, 6);
      const failed = await call('fail');
      assert.equal(failed.code, 1);
      assert.match(failed.stderr, /Traceback[^]*ValueError: no such worker/);
      const missing = await call('nothing');
      assert.equal(missing.code, 1);
      assert.match(missing.stderr, /AttributeError/);
    });

    it('refuses options that make no sense', async () => {
      await refused('python', {}, /Exactly one of/);
      await refused('python', { script: 'a.py', module: 'a' }, /Exactly one of/);
      await refused('python', { function: 'shop.workers' }, /package\.module:callable/);
      await refused('python', { script: 'a.py', venv: 'none' }, /no virtual environment in .*none/);
    });

    it('uses a real virtual environment', async function () {
      needPython(this);
      const made = spawnSync('python3', ['-m', 'venv', '--without-pip', '.venv'], { cwd: folder });
      if (made.status !== 0) skip(this, 'this Python makes no virtual environments');
      write('where.py', 'import sys\nprint(sys.prefix)');
      const { stdout } = await run('python', { script: 'where.py' });
      assert.equal(stdout.trim(), path.join(folder, '.venv'));
    });

    it('prefers what is asked for, what is in the folder, and what is active, in this order', () => {
      if (process.platform === 'win32') return;
      const inside = path.join(folder, 'api');
      mkdirSync(inside);
      const context = (env: Record<string, string>) => ({ workdir: inside, folder, env });
      const found = (env: Record<string, string>, venv?: string): string =>
        findPython(context(env), venv, 'linux').path;

      const onPath = stub('bin/python3');
      const PATH = path.join(folder, 'bin');
      assert.equal(found({ PATH }), onPath);
      const conda = stub('conda/bin/python3');
      const CONDA_PREFIX = path.join(folder, 'conda');
      assert.equal(found({ PATH, CONDA_PREFIX }), conda);
      const active = stub('active/bin/python');
      const VIRTUAL_ENV = path.join(folder, 'active');
      assert.equal(found({ PATH, CONDA_PREFIX, VIRTUAL_ENV }), active);
      const ofFolder = stub('venv/bin/python3');
      assert.equal(found({ PATH, CONDA_PREFIX, VIRTUAL_ENV }), ofFolder);
      const ofWorkdir = stub('api/.venv/bin/python3');
      assert.equal(found({ PATH, CONDA_PREFIX, VIRTUAL_ENV }), ofWorkdir);
      const own = stub('api/mine/bin/python');
      assert.equal(found({ PATH, CONDA_PREFIX, VIRTUAL_ENV }, 'mine'), own);
      assert.deepEqual(findPython(context({ PATH }), 'mine', 'linux').env, {
        VIRTUAL_ENV: path.join(inside, 'mine'),
        PATH: `${path.join(inside, 'mine', 'bin')}:${PATH}`,
      });
    });
  });
});
