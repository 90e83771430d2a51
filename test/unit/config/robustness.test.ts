import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LoadResult } from '../../../src/config/load.ts';
import type { SourceRange } from '../../../src/config/model.ts';
import { hostileFiles } from '../../support/hostileFiles.ts';
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
    restart: { policy: on-failure, max_retries: 5, delay: 1s, backoff: 2, breaker: { failures: 3 } }
    health_check: { grpc: { target: 5001, service: a.B }, interval: 5s, on_failure: report }
    limits: { memory: 512MB, cpu: 150% }
    logging: { max_size: 10MB, format: json }
    schedule: { cron: "*/5 * * * *", timezone: Europe/Berlin }
    watch: { paths: [src/**/*.ts], ignore: ["*.test.ts"], debounce: 1s }
    env_command: [{ command: [print, env], timeout: 1s }]
    env_exclude: ["AWS_*"]
    groups: [back]
    profiles: [dev]
    problem_matcher: [$tsc-watch]
  - { <<: *api, name: web, port: 3000, depends_on: { api: { restart: true } }, env: { KEY: "\${secret:API_KEY}" } }
  - { name: hook, runner: { python: { function: "a.b:c", args: [1] } }, tty: true }
  - { name: mail, type: external, find: { pid_file: /run/mail.pid }, ready: { tcp: 25 } }
default_profiles: [dev]
`;

/** Every place inside of its text and true, and a model exactly without errors. */
function checkResult(text: string, result: LoadResult): void {
  const { diagnostics, model, index, local } = result;
  checkRanges(
    local?.text ?? '',
    diagnostics.filter(({ file }) => file !== undefined).map(({ range }) => range),
  );
  const ranges = [
    ...diagnostics.filter(({ file }) => file === undefined).map(({ range }) => range),
    ...[...index.processes.values()].flatMap(({ nameRange, entryRange }) => [
      nameRange,
      entryRange,
    ]),
    ...index.references.map(({ range }) => range),
  ];
  checkRanges(text, ranges);
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  assert.equal(model === undefined, hasErrors);
}

function checkRanges(text: string, ranges: readonly SourceRange[]): void {
  for (const { start, end } of ranges) {
    assert.ok(start.offset >= 0 && start.offset <= end.offset && end.offset <= text.length);
    for (const { offset, line, column } of [start, end]) {
      const before = text.slice(0, offset).split('\n');
      assert.deepEqual([line, column], [before.length - 1, before.at(-1)!.length]);
    }
  }
}

const damage = fc.record({
  at: fc.nat(sample.length - 1),
  length: fc.nat(12),
  insert: fc.oneof(
    fc.constant(''),
    fc.string({ maxLength: 4 }),
    fc.constantFrom('*api', '&d ', '<<: ', '[', '{', '}', ']', ': ', '- ', '\n', '\t', '"', '${', '__proto__: 1\n', '\uFEFF', '\r', '#', '!!set ', '? ', '|', '\u2028', '%', '---\n', 'null', '~', '\0', '\u0085', '\u202E', '\uD800', '\u001B[2J', '🏳️‍🌈', 'constructor: ', '9'.repeat(400), '1e999', '0x', '.inf', '!!binary ', '<<: *d\n', '${secret:', '*/5 ', 'KB'), // prettier-ignore
  ),
});

type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function inflict(text: string, { at, length, insert }: Damage): string {
  const from = at % (text.length + 1);
  return text.slice(0, from) + insert + text.slice(from + length);
}

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
        const text = damages.reduce(inflict, sample);
        checkResult(text, await load(text));
      }),
      { numRuns: 500 },
    );
  });

  it('takes a damaged local file', async () => {
    const local = `env: { LOG_LEVEL: null }
processes:
  api: { port: 5001, limits: { memory: null }, env: { KEY: x } }
  db: null
  web: { depends_on: [] }
  extra: &x { command: y, schedule: "0 3 * * *" }
  more: *x
`;
    const ranDamages = fc.array(damage, { minLength: 0, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(ranDamages, ranDamages, async (ofMain, ofLocal) => {
        const text = ofMain.reduce(inflict, sample);
        const edited = { path: '/x/dev-env.local.yaml', text: ofLocal.reduce(inflict, local) };
        checkResult(text, await load(text, { local: edited }));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps prototypes as they are', async () => {
    const odd = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(odd, odd, odd, async (one, other, third) => {
        const text = `env: { ${one}: a }\nprocesses:\n  ${other}: { command: x, env: { ${third}: b }, runner: { ${one}: { ${other}: { ${third}: 1 } } } }\n`;
        checkResult(text, await load(text));
        const edited = { path: '/x/dev-env.local.yaml', text };
        checkResult('processes: {}', await load('processes: {}', { local: edited }));
        assert.deepEqual(Object.keys(Object.prototype), []);
        assert.equal(({} as { a?: unknown }).a, undefined);
      }),
      { numRuns: 50 },
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
  for (const { title, text, codes } of hostileFiles) {
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
