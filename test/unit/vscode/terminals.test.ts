import assert from 'node:assert/strict';
import { stripAnsi, keepColours } from '../../../src/store/ansi.ts';
import type { ShapedLine } from '../../../src/vscode/output/shapedLine.ts';
import { findFileLinks } from '../../../src/vscode/terminals/fileLinks.ts';
import { knownMatchers, sortMatchers } from '../../../src/vscode/terminals/knownMatchers.ts';
import {
  isShown,
  mergeByTime,
  MergedLines,
  noFilter,
} from '../../../src/vscode/terminals/mergedLines.ts';

function line(plain: string, more: Partial<ShapedLine> = {}): ShapedLine {
  return { text: plain, plain, level: undefined, timeMs: undefined, ...more };
}

describe('links to files in a line', () => {
  const table: readonly [
    string,
    readonly [path: string, line?: number, column?: number | undefined][],
  ][] = [
    ['    at main (src/app.js:12:5)', [['src/app.js', 12, 5]]],
    ['/abs/dir/a.py:3: error', [['/abs/dir/a.py', 3, undefined]]],
    ["src/a.ts(3,5): error TS2322: Type 'x'", [['src/a.ts', 3, 5]]],
    ['  File "lib/models.py", line 42, in save', [['lib/models.py', 42, undefined]]],
    ['at file:///w/a.mjs:1:2', [['/w/a.mjs', 1, 2]]],
    [
      '--> src/main.rs:4:9 and ./b/c.go:7',
      [
        ['src/main.rs', 4, 9],
        ['./b/c.go', 7, undefined],
      ],
    ],
    ['listening on 127.0.0.1:3000', []],
    ['done in 3.2s', []],
  ];
  for (const [text, places] of table) {
    it(`finds ${places.length} in "${text}"`, () => {
      const found = findFileLinks(text);
      assert.deepEqual(
        found
          .filter(({ path }) => /[a-z]/.test(path))
          .map(({ path, line: at, column }) => [path, at, column]),
        places,
      );
      for (const { path, start, length } of found)
        assert.ok(text.slice(start, start + length).includes(path));
    });
  }

  it('takes linear time', () => {
    const startMs = performance.now();
    for (const part of ['a/', 'a.', 'File "', '/', '(', 'a.b:'])
      findFileLinks(part.repeat(1_000_000));
    assert.ok(performance.now() - startMs < 20_000);
  });
});

describe('colours', () => {
  it('stay, and everything else that moves the cursor goes', () => {
    const text = '\u001b[1;32mok\u001b[0m \u001b[2J\u001b[3Agone\u001b]0;title\u0007\r!';
    assert.equal(keepColours(text), '\u001b[1;32mok\u001b[0m gone!');
    assert.equal(stripAnsi(text), 'ok gone!');
  });
});

describe('the merged log', () => {
  it('puts the ends of logs in the order of their times', () => {
    const merged = mergeByTime([
      {
        source: 'a',
        startedAtMs: 0,
        lines: [line('a1', { timeMs: 10 }), line('a1b'), line('a3', { timeMs: 30 })],
      },
      {
        source: 'b',
        startedAtMs: 99,
        lines: [line('b0'), line('b2', { timeMs: 20 }), line('b back', { timeMs: 5 })],
      },
      { source: 'c', startedAtMs: 25, lines: [line('c')] },
    ]);
    assert.deepEqual(
      merged.map((each) => each.line.plain),
      ['a1', 'a1b', 'b0', 'b2', 'b back', 'c', 'a3'],
    );
  });

  it('gives the lines of a stack trace the level of the error', () => {
    const lines = new MergedLines();
    lines.add('api', line('ERROR no', { level: 'error' }));
    lines.add('web', line('up'));
    const stack = lines.add('api', line('    at main'));
    assert.equal(stack.level, 'error');
    assert.equal(lines.add('api', line('next')).level, undefined);
    const errors = { ...noFilter, level: 'error' as const };
    assert.deepEqual(
      lines.all.filter((each) => isShown(each, errors)).map(({ plain }) => plain),
      ['ERROR no', '    at main'],
    );
  });

  it('is filtered by process, level and text at once', () => {
    const lines = new MergedLines();
    lines.add('api', line('GET /a', { level: 'info' }));
    lines.add('api', line('slow GET /b', { level: 'warn' }));
    lines.add('web', line('slow get', { level: 'warn' }));
    const filter = { sources: new Set(['api']), level: 'warn' as const, text: 'get' };
    assert.deepEqual(
      lines.all.filter((each) => isShown(each, filter)).map(({ plain }) => plain),
      ['slow GET /b'],
    );
  });

  it('keeps the newest lines in bounded memory', () => {
    const lines = new MergedLines();
    for (let i = 0; i < 50_000; i += 1) lines.add('api', line(`line ${i}`));
    assert.ok(lines.all.length >= 10_000 && lines.all.length <= 12_000);
    assert.equal(lines.all.at(-1)?.plain, 'line 49999');
    for (let i = 0; i < 5000; i += 1) lines.add('api', line('x'.repeat(8192)));
    const characters = lines.all.reduce(
      (sum, { plain, text }) => sum + plain.length + text.length,
      0,
    );
    assert.ok(characters < 5_000_000, `${characters} characters`);
  });
});

describe('problem matchers', () => {
  const manifests = [
    { contributes: { problemMatchers: [{ name: 'tsc' }, { name: 'tsc-watch', background: {} }] } },
    { contributes: { problemMatchers: [{ name: '$old', watching: {} }, null, { name: 7 }] } },
    { contributes: { problemMatchers: 'none' } },
    undefined,
  ];

  it('are those of the editor and of all extensions', () => {
    const known = knownMatchers(manifests);
    assert.equal(known.get('$tsc')?.isWatching, false);
    assert.equal(known.get('$tsc-watch')?.isWatching, true);
    assert.equal(known.get('$old')?.isWatching, true);
    assert.ok(known.has('$eslint-stylish'));
    const { found, missing } = sortMatchers(['$tsc', '$nope'], known);
    assert.deepEqual(
      found.map(({ name }) => name),
      ['$tsc'],
    );
    assert.deepEqual(missing, ['$nope']);
  });
});
