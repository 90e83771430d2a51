import assert from 'node:assert/strict';
import { definitionHash, diffModels } from '../../../src/config/diff.ts';
import { modelOf } from './support.ts';

const none = { added: [], removed: [], changed: [] };

const base = `
env: { A: 1 }
processes:
  db: { command: run, port: 5 }
  job: { command: run, type: task }
  api: { command: run, depends_on: [db, job], env: { B: 1, C: 2 }, ready: { log: x } }
`;

describe('diffModels', () => {
  const same: [title: string, from: string, to: string][] = [
    ['a description', 'port: 5', 'port: 5, description: x'],
    ['a URL', 'port: 5', 'port: 5, url: http://x/'],
    ['autostart', 'port: 5', 'port: 5, autostart: true'],
    ['what is the default', 'port: 5', 'port: 5, type: service, startup_timeout: 60s'],
    ['the order of variables', 'B: 1, C: 2', 'C: 2, B: 1'],
    ['the order of dependencies', '[db, job]', '[job, db]'],
    ['quotes', 'command: run, type', 'command: "run", type'],
  ];
  for (const [title, from, to] of same) {
    it(`nothing changes by ${title}`, async () => {
      const after = base.replace(from, to);
      assert.notEqual(after, base);
      assert.deepEqual(diffModels(await modelOf(base), await modelOf(after)), none);
    });
  }

  const different: [title: string, from: string, to: string, changed: string[]][] = [
    ['a command', 'run, type', 'walk, type', ['job']],
    ['a port', 'port: 5', 'port: 6', ['db']],
    ['a variable', 'B: 1', 'B: 2', ['api']],
    ['a variable of all', 'A: 1', 'A: 2', ['db', 'job', 'api']],
    ['a condition', '[db, job]', '{ db: started, job: completed }', ['api']],
    ['a dependency less', '[db, job]', '[db]', ['api']],
    ['readiness', 'log: x', 'log: y', ['api']],
    ['the working directory', 'port: 5', 'port: 5, workdir: ..', ['db']],
    ['the way it is stopped', 'port: 5', 'port: 5, stop: { timeout: 1s }', ['db']],
    ['a list for a string', 'command: run, type', 'command: [run], type', ['job']],
  ];
  for (const [title, from, to, changed] of different) {
    it(`${changed.join(', ')} changes by ${title}`, async () => {
      const diff = diffModels(await modelOf(base), await modelOf(base.replace(from, to)));
      assert.deepEqual(diff, { ...none, changed });
    });
  }

  it('finds what was added and removed', async () => {
    const after = base
      .replace('  db:', '  web: { command: x }\n  db2:')
      .replace('[db, job]', '[job]');
    assert.deepEqual(diffModels(await modelOf(base), await modelOf(after)), {
      added: ['web', 'db2'],
      removed: ['db'],
      changed: ['api'],
    });
  });
});

describe('definitionHash', () => {
  it('is the same exactly for what runs the same', async () => {
    const [one, other, third] = await Promise.all(
      ['{ command: run }', '{ command: run, description: x }', '{ command: walk }'].map(
        async (body) => (await modelOf(`processes: { api: ${body} }`)).processes[0]!,
      ),
    );
    assert.match(definitionHash(one!), /^[0-9a-f]{64}$/);
    assert.equal(definitionHash(one!), definitionHash(other!));
    assert.notEqual(definitionHash(one!), definitionHash(third!));
  });
});
