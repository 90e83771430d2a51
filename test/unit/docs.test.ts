import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const documents = ['README.md', 'CHANGELOG.md', ...globSync('docs/*.md', { cwd: root }).sort()];

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** In a cell: a path below test/ in backticks, then titles in quotes. */
function testsIn(markdown: string): NamedTest[] {
  const found: NamedTest[] = [];
  for (const line of markdown.split('\n').filter((one) => one.startsWith('|'))) {
    const cell = line.split(' | ').at(-1)!;
    let file: string | undefined;
    for (const [, path, title] of cell.matchAll(/`([\w/]+\.test\.ts)`|"([^"]+)"/g)) {
      if (path !== undefined) file = path;
      else if (file !== undefined && title !== undefined) found.push({ file, title });
    }
  }
  return found;
}

/** The titles in a test file, of single tests and of the cases of tables, as they are written. */
function titlesIn(source: string): Set<string> {
  return new Set(
    [...source.matchAll(/(?:\bit\(|\[|^)\s*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`\n]+)`),/gm)].map(
      ([, single, double, template]) => single ?? double ?? template ?? '',
    ),
  );
}

describe('docs/reliability.md', () => {
  const named = testsIn(read('docs/reliability.md'));

  it('names tests in every table', () => {
    assert.ok(named.length > 80, String(named.length));
  });

  it('names only tests that exist', () => {
    const missing = named.filter(({ file, title }) => {
      const place = path.join('test', file);
      return !existsSync(path.join(root, place)) || !titlesIn(read(place)).has(title);
    });
    assert.deepEqual(missing, []);
  });

  it('has a test for every fault', () => {
    const [faults = ''] = read('docs/reliability.md').split('\n## Soak');
    const rows = faults.split('\n').filter((line) => /^\| (?!Fault|---)/.test(line));
    const bare = rows.filter((row) => testsIn(row).length === 0);
    assert.deepEqual(bare, []);
  });
});

describe('the documents', () => {
  const { contributes } = JSON.parse(read('package.json')) as {
    contributes: {
      commands: { command: string }[];
      configuration: { properties: Record<string, unknown> };
    };
  };
  const ids = [
    ...contributes.commands.map(({ command }) => command),
    ...Object.keys(contributes.configuration.properties),
  ];

  it('name every command and every setting', () => {
    const readme = read('README.md');
    assert.deepEqual(
      ids.filter((id) => !readme.includes(`\`${id}\``)),
      [],
    );
  });

  it('name no command and no setting that does not exist', () => {
    const known = new Set(ids);
    const named = documents.flatMap((file) =>
      [...read(file).matchAll(/`(devEnv\.[\w.]+)/g)].map(([, id]) => ({ file, id: id! })),
    );
    assert.deepEqual(
      named.filter(({ id }) => !known.has(id)),
      [],
    );
  });

  for (const file of [...documents, 'examples/shop/README.md']) {
    it(`link to what is there: ${file}`, () => {
      const broken = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target]) => target!)
        .filter((target) => !/^(?:https?:|#)/.test(target))
        .filter((target) => {
          const place = path.resolve(root, path.dirname(file), target.replace(/#.*$/, ''));
          return !existsSync(place);
        });
      assert.deepEqual(broken, []);
    });
  }

  it('describe the rooms of eslint.config.js, and what each may import', () => {
    const rules = /const mayImport = (\{[\s\S]*?\n\});?/.exec(read('eslint.config.js'))?.[1] ?? '';
    const allowed = new Map(
      [...rules.matchAll(/(\w+): \[([^\]]*)\]/g)].map(([, room, names]) => [
        room!,
        [...names!.matchAll(/'(\w+)'/g)].map(([, name]) => name!),
      ]),
    );
    const lines = read('docs/architecture.md').split('\n');
    for (const room of globSync('src/*', { cwd: root }).map((folder) => path.basename(folder))) {
      const row = lines.find((line) => line.startsWith(`| \`${room}\``));
      assert.ok(row, `${room} is not described`);
      const cell = row.split('|').at(-2)!.trim();
      if (cell === 'all of the above' || cell === 'everything') continue;
      const named = [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name);
      assert.deepEqual(named, allowed.get(room), room);
    }
  });
});
