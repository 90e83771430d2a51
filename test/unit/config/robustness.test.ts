import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LoadResult } from '../../../src/config/load.ts';
import { describeAll, load } from './support.ts';

const sample = `env_file: [{ path: .env, required: false }]
env: { LOG_LEVEL: debug, "QUOTED": 'it''s' }
defaults: &d { restart: on-failure, stop: { signal: SIGINT, timeout: 5s } }
processes:
  - name: db
    command: redis-server --port \${port}
    port: 6379
  - name: migrate
    type: task
    command: [node, migrate.js, "\\x41\${X:-y}"]
    depends_on: [db]
  - &api
    name: api
    command: |
      npm run dev
    port: 5000
    env: { DATABASE_URL: "redis://127.0.0.1:\${port:db}" }
    depends_on: { db: ready, migrate: { condition: completed } }
    ready: { http: /health, status: [200, 204], match_body: "o.k" }
    restart: { policy: on-failure, max_retries: 5, delay: 1s, backoff: 2 }
  - { <<: *api, name: web, port: 3000, depends_on: [api] }
`;

/** Every place inside of the text and true, and a model exactly without errors. */
function checkResult(text: string, { diagnostics, model, index }: LoadResult): void {
  const ranges = [
    ...diagnostics.map(({ range }) => range),
    ...[...index.processes.values()].flatMap(({ nameRange, entryRange }) => [
      nameRange,
      entryRange,
    ]),
    ...index.references.map(({ range }) => range),
  ];
  for (const { start, end } of ranges) {
    assert.ok(start.offset >= 0 && start.offset <= end.offset && end.offset <= text.length);
    for (const { offset, line, column } of [start, end]) {
      const before = text.slice(0, offset).split('\n');
      assert.deepEqual([line, column], [before.length - 1, before.at(-1)!.length]);
    }
  }
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  assert.equal(model === undefined, hasErrors);
}

const damage = fc.record({
  at: fc.nat(sample.length - 1),
  length: fc.nat(12),
  insert: fc.oneof(
    fc.constant(''),
    fc.string({ maxLength: 4 }),
    fc.constantFrom('*api', '&d ', '<<: ', '[', '{', '}', ']', ': ', '- ', '\n', '\t', '"', '${', '__proto__: 1\n', '\uFEFF', '\r', '#', '!!set ', '? ', '|', '\u2028', '%', '---\n'), // prettier-ignore
  ),
});

describe('loadConfig with any text', () => {
  it('has a sample that is without errors', async () => {
    assert.deepEqual(describeAll((await load(sample)).diagnostics), []);
  });

  it('takes text of any kind', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    await fc.assert(
      fc.asyncProperty(text, async (any) => checkResult(any, await load(any))),
      { numRuns: 300 },
    );
  });

  it('takes values of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.json(), async (one, other) => {
        const text = `processes: { a: ${one}, b: { command: x, depends_on: ${other}, ready: ${one} } }\nenv: ${other}`;
        checkResult(text, await load(text));
      }),
      { numRuns: 300 },
    );
  });

  it('takes a damaged file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
        let text = sample;
        for (const { at, length, insert } of damages) {
          text = text.slice(0, at) + insert + text.slice(at + length);
        }
        checkResult(text, await load(text));
      }),
      { numRuns: 500 },
    );
  });

  it('takes a file cut off anywhere', async () => {
    for (let at = 0; at < sample.length; at++) {
      const text = sample.slice(0, at);
      checkResult(text, await load(text));
    }
  });
});

describe('loadConfig in bounded time', () => {
  const million = 1_000_000;
  const laughs = Array.from({ length: 12 }, (_, at) =>
    at === 0 ? 'l0: &l0 [x]' : `l${at}: &l${at} [${`*l${at - 1}, `.repeat(9)}]`,
  );
  const chain = Array.from({ length: 1000 }, (_, at) =>
    at === 0 ? 'c0: &c0 [x]' : `c${at}: &c${at} [*c${at - 1}]`,
  );
  const merges = Array.from({ length: 2000 }, (_, at) =>
    at === 0 ? 'm0: &m0 { k0: 1 }' : `m${at}: &m${at} { <<: *m${at - 1}, k${at}: 1 }`,
  );
  const cases: [title: string, text: string, ...codes: string[]][] = [
    ['an alias bomb', laughs.join('\n'), 'alias-bomb'],
    ['an alias in itself', 'processes: &p [*p]', 'alias-bomb'],
    ['a merge of itself', 'processes: &p { <<: *p, a: { command: x } }'],
    ['a chain of merges', merges.join('\n'), 'alias-bomb'],
    ['a chain of aliases', chain.join('\n'), 'too-deep'],
    ['more than a megabyte', `#${'x'.repeat(million)}`, 'too-large'],
    ['a megabyte of two-byte letters', `#${'é'.repeat(million / 2)}`, 'too-large'],
    ['a megabyte of one comment', `processes: []\n#${'x'.repeat(million - 20)}`],
    ['a megabyte of brackets', '['.repeat(million), 'too-large'],
    ['a megabyte of commas', `[${','.repeat(million - 1)}`, 'too-large'],
    ['a megabyte of quotes', '"'.repeat(million), 'too-large'],
    ['a megabyte of tags', '!a '.repeat(million / 3), 'too-large'],
    ['deep lists', `processes: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'too-deep'],
    ['deep maps', '{a: '.repeat(10_000) + '}'.repeat(10_000), 'too-deep'],
    ['deep blocks', `${'- '.repeat(20_000)}x`, 'too-deep'],
    ['a hundred levels', `processes: ${'['.repeat(100)}${']'.repeat(100)}`, 'too-deep'],
    [
      'too many processes',
      `processes: {${Array.from({ length: 1001 }, (_, at) => `p${at}: {command: x}`).join(',')}}`,
      'too-large',
    ],
  ];
  for (const [title, text, ...codes] of cases) {
    it(title, async () => {
      const { diagnostics } = await load(text);
      const found = new Set(diagnostics.map(({ code }) => code));
      if (codes.length === 0) assert.ok(!found.has('alias-bomb') && !found.has('too-deep'));
      for (const code of codes) assert.ok(found.has(code), [...found].join(' '));
    });
  }

  it('a thousand processes in a chain', async () => {
    const entries = Array.from({ length: 1000 }, (_, at) => {
      const fields = `port: ${at + 1000}, env: { A: "\${port}" }, ready: { http: /health }, description: x`;
      return `  p${at}: { command: run, ${fields}, depends_on: [${at === 0 ? '' : `p${at - 1}`}] }`;
    });
    const { model, diagnostics } = await load(`processes:\n${entries.join('\n')}\n`);
    assert.deepEqual(describeAll(diagnostics), []);
    assert.equal(model?.processes.length, 1000);
  });

  it('thousands of errors', async () => {
    const wrong = Array.from({ length: 900 }, (_, at) => {
      const names = Array.from({ length: 15 }, (_, other) => `nobody${at}x${other}`);
      return `  p${at}: { command: run, x: 1, port: 0, depends_on: [${names.join(', ')}] }`;
    });
    const { diagnostics } = await load(`processes:\n${wrong.join('\n')}\n`);
    assert.equal(diagnostics.length, 500);
  });
});
