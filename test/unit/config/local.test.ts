import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadResult } from '../../../src/config/load.ts';
import type { ProcessModel } from '../../../src/config/model.ts';
import { describeAll, folder, load, mark, unmark, yaml } from './support.ts';

const localPath = join(folder, 'dev-env.local.yaml');

const base = yaml`
  env: { LEVEL: info, GONE: x }
  defaults: { restart: { delay: 2s } }
  autostart: true
  processes:
    - name: db
      command: run db
      port: 6000
      env: { A: 1, B: 2 }
    - name: api
      command: [serve, --fast]
      depends_on: { db: ready }
`;

function lay(local: string, main = base): Promise<LoadResult> {
  return load(main, { local: { path: localPath, text: local } });
}

async function laid(local: string, main = base): Promise<readonly ProcessModel[]> {
  const { model, diagnostics } = await lay(local, main);
  assert.deepEqual(describeAll(diagnostics), []);
  return model!.processes;
}

describe('a local file', () => {
  it('changes the fields of a process, and leaves the others', async () => {
    const [db, api] = await laid('processes: { db: { port: 7000, env: { B: 3, C: 4 } } }');
    assert.equal(db?.port, 7000);
    assert.equal(db.command, 'run db');
    assert.deepEqual(db.env, { LEVEL: 'info', GONE: 'x', A: '1', B: '3', C: '4' });
    assert.deepEqual(api?.dependsOn, [{ name: 'db', condition: 'ready' }]);
  });
  it('replaces lists', async () => {
    const [, api] = await laid('processes: { api: { command: [serve], depends_on: [] } }');
    assert.deepEqual(api?.command, ['serve']);
    assert.deepEqual(api.dependsOn, []);
  });
  it('removes by null', async () => {
    const local =
      'env: { GONE: null }\nprocesses: { db: null, api: { depends_on: , env: { X: ~ } } }\n';
    const [api, ...others] = await laid(local);
    assert.deepEqual(others, []);
    assert.deepEqual([api?.name, api?.env, api?.dependsOn], ['api', { LEVEL: 'info' }, []]);
  });
  it('adds processes at the end, and changes the top', async () => {
    const local =
      'autostart: false\nenv: { LEVEL: debug }\nprocesses:\n  - { name: web, command: x }\n  - { name: db, port: 1 }\n';
    const processes = await laid(local);
    assert.deepEqual(
      processes.map(({ name, port, autostart }) => [name, port, autostart]),
      [['db', 1, false], ['api', undefined, false], ['web', undefined, false]], // prettier-ignore
    );
    assert.equal(processes[0]?.env['LEVEL'], 'debug');
  });
  for (const list of [
    '  - { name: a, port: 5 }\n  - { name: c, command: z }',
    '  a: { port: 5 }\n  c: { command: z }',
  ]) {
    it(`goes over a map of processes: ${list}`, async () => {
      const main = 'processes:\n  a: { command: x }\n  b: { command: y }\n';
      const processes = await laid(`processes:\n${list}\n`, main);
      assert.deepEqual(
        processes.map(({ name, command, port }) => [name, command, port]),
        [['a', 'x', 5], ['b', 'y', undefined], ['c', 'z', undefined]], // prettier-ignore
      );
    });
  }
  it('has anchors of its own', async () => {
    const main = 'processes:\n  a: &p { command: x }\n  b: *p\n';
    const processes = await laid('processes: { a: &p { port: 5 }, b: { <<: *p, port: 6 } }', main);
    assert.deepEqual(
      processes.map(({ command, port }) => [command, port]),
      [['x', 5], ['x', 6]], // prettier-ignore
    );
  });
  it('that is empty changes nothing', async () => {
    assert.equal((await laid('# nothing yet\n')).length, 2);
  });

  const wrong: [title: string, marked: string, ...said: string[]][] = [
    [
      'a key',
      'processes: { db: { «prt»: 5 } }\n',
      'error unknown-key: There is no field "prt" here. Did you mean "port"? [port]',
    ],
    [
      'a value',
      'processes: { db: { port: «0» } }\n',
      'error wrong-type: "port" must be a whole number from 1 to 65535, or auto.',
    ],
    [
      'a process that is not there',
      'processes: { «dbb»: { port: 5 } }\n',
      'error missing-key: "command" is missing.',
    ],
    [
      'a dependency',
      'processes: { api: { depends_on: { «databse»: ready } } }\n',
      'error unknown-dependency: There is no process "databse".',
    ],
    [
      'a variable',
      'processes: { api: { url: "http://«${NO}»" } }\n',
      'error unset-variable: The variable "NO" is not set. Set it, give it a default (${NO:-…}), or write $${NO} to leave it as it is.',
    ],
    ['a key twice', 'env: {}\n«env»: {}\n', 'error duplicate-name: "env" is there twice.'],
    [
      'no map',
      '«5»\n',
      'error wrong-type: A local file must be a map with fields of "dev-env.yaml".',
    ],
    [
      'an entry without a name',
      'processes:\n  - «port: 5»\n',
      'error missing-key: "name" is missing.',
    ],
    ['its syntax', 'env: "«\\»q"\n', 'error syntax: Invalid escape sequence \\q.'],
  ];
  describe('says at its own place what is wrong with', () => {
    for (const [title, marked, ...said] of wrong) {
      it(title, async () => {
        const { text } = unmark(marked);
        const { diagnostics, model } = await lay(text);
        assert.deepEqual(describeAll(diagnostics), said);
        assert.equal(mark(text, diagnostics), marked);
        assert.ok(diagnostics.every(({ file }) => file === localPath));
        assert.equal(model, undefined);
      });
    }
  });
  it('leaves what is wrong with the main file there', async () => {
    const { diagnostics } = await lay(
      'processes: { db: { port: 0 } }',
      base.replace('autostart: true', 'autostart: 5'),
    );
    assert.deepEqual(
      diagnostics.map(({ file, code }) => [file, code]),
      [[undefined, 'wrong-type'], [localPath, 'wrong-type']], // prettier-ignore
    );
  });
  it('that makes the main file wrong is told in the main file', async () => {
    const { diagnostics } = await lay('processes: { db: null }');
    assert.deepEqual(describeAll(diagnostics), [
      'error unknown-dependency: There is no process "db".',
    ]);
    assert.equal(diagnostics[0]?.file, undefined);
  });
  it('takes bounded time', async () => {
    const bomb = (name: string): string =>
      Array.from({ length: 12 }, (_, at) =>
        at === 0
          ? `l0: &l0 {a: ${name}}`
          : `l${at}: &l${at} {${Array.from('abcdefghi', (key) => `${key}: *l${at - 1}`).join(', ')}}`,
      ).join('\n');
    const { diagnostics } = await lay(bomb('y'), `${bomb('x')}\nprocesses: []\n`);
    assert.ok(diagnostics.some(({ code }) => code === 'alias-bomb'));
    const loop = await lay('processes: &p { a: *p }', 'processes: &p { a: *p }');
    assert.ok(loop.diagnostics.some(({ code }) => code === 'alias-bomb'));
  });
  it('has an index of its own', async () => {
    const { index, local, processNames } = await lay(
      'processes: { db: { port: 1 }, web: { command: x } }',
    );
    assert.deepEqual([...index.processes.keys()], ['db', 'api']);
    assert.deepEqual([...(local?.index.processes.keys() ?? [])], ['db', 'web']);
    assert.deepEqual(processNames, ['db', 'api', 'web']);
  });
});

describe('a local file on disk', () => {
  let directory: string;
  const read = (configPath: string): Promise<LoadResult> =>
    load('processes: { a: { command: x } }', { configPath: join(directory, configPath) });
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dev-env-config-'));
    await writeFile(join(directory, 'one.local.yml'), 'processes: { a: { port: 5 } }');
    await mkdir(join(directory, 'two.local.yaml'));
  });
  after(() => rm(directory, { recursive: true }));

  it('has the name of the main one with "local"', async () => {
    const { model, local, localPaths } = await read('one.yaml');
    assert.equal(model?.processes[0]?.port, 5);
    assert.equal(local?.path, join(directory, 'one.local.yml'));
    assert.deepEqual(localPaths, [join(directory, 'one.local.yaml'), local.path]);
  });
  it('need not be there', async () => {
    const { model, local } = await read('other.yaml');
    assert.equal(model?.processes[0]?.port, undefined);
    assert.equal(local, undefined);
  });
  it("that can't be read is an error of its own", async () => {
    const { model, diagnostics } = await read('two.yaml');
    assert.equal(model, undefined);
    assert.deepEqual(describeAll(diagnostics), [
      "error local-file-unreadable: The local file can't be read: it is not a file.",
    ]);
    assert.equal(diagnostics[0]?.file, join(directory, 'two.local.yaml'));
  });
});
