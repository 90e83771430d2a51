import assert from 'node:assert/strict';
import { formatJsonLine, type JsonLine, parseJsonLine } from '../../../src/store/jsonLine.ts';
import { isContinuation, lineLevel, type LineLevel } from '../../../src/store/lineLevel.ts';

describe('the level of a line', () => {
  const table: readonly [string, LineLevel | undefined][] = [
    ['2024-05-01 10:02:11,123 ERROR worker: no connection', 'error'],
    ['10:02:11 | WARNING | low on memory', 'warn'],
    ['[error] 31#31: upstream', 'error'],
    ['ts=1 level=warn msg=slow', 'warn'],
    ['{"level":"info","msg":"up"}', 'info'],
    ['error[E0308]: mismatched types', 'error'],
    ['warning: unused variable', 'warn'],
    ["src/a.ts(3,5): error TS2322: Type 'x'", 'error'],
    ['main.c:4:2: warning: implicit', 'warn'],
    ['npm ERR! code ELIFECYCLE', 'error'],
    ['npm warn deprecated', 'warn'],
    ['TypeError: x is not a function', 'error'],
    ['django.db.utils.OperationalError: no such table', 'error'],
    ['Traceback (most recent call last):', 'error'],
    ['panic: runtime error', 'error'],
    ['INFO:     Uvicorn running', 'info'],
    ['[DEBUG] query', 'debug'],
    // Lines that speak of errors and are none.
    ['0 errors found', undefined],
    ['GET /error 200', undefined],
    ['Compiled without error', undefined],
    ['loaded error handler', undefined],
    ['Found 0 errors. Watching for file changes.', undefined],
    ['an information desk', undefined],
    ['', undefined],
  ];
  for (const [line, level] of table) {
    it(`of "${line}" is ${level ?? 'unknown'}`, () => assert.equal(lineLevel(line), level));
  }

  it('is found in linear time', () => {
    const startMs = performance.now();
    for (const part of ['error', '[', ' ', 'level=', 'a.b.']) lineLevel(part.repeat(1_000_000));
    assert.ok(performance.now() - startMs < 10_000);
  });

  it('is that of the line before for the lines of a stack', () => {
    assert.ok(isContinuation('    at main (a.js:1:2)'));
    assert.ok(isContinuation('Caused by: java.io.IOException'));
    assert.ok(!isContinuation('listening on 3000'));
  });
});

describe('a line of JSON', () => {
  const time = (ms: number): string => new Date(ms).toISOString().slice(11, 23);
  const shown = (line: object | string): string | undefined => {
    const parsed = parseJsonLine(typeof line === 'string' ? line : JSON.stringify(line));
    return parsed && formatJsonLine(parsed, time);
  };

  it('of pino shows time, level and message, then the rest', () => {
    assert.equal(
      shown({ level: 30, time: 1_714_557_731_042, pid: 7, msg: 'listening', port: 3000 }),
      '10:02:11.042 INFO  listening pid=7 port=3000',
    );
  });

  it('has many names for the same', () => {
    const parsed: JsonLine | undefined = parseJsonLine(
      JSON.stringify({
        severity: 'WARNING',
        '@timestamp': '2024-05-01T10:02:11.042123Z',
        message: 'slow query',
        sql: 'select 1',
        tags: ['db'],
      }),
    );
    assert.ok(parsed);
    assert.equal(parsed.level, 'warn');
    assert.equal(parsed.timeMs, 1_714_557_731_042);
    assert.equal(parsed.rest, 'sql="select 1" tags=["db"]');
  });

  for (const [what, value] of [
    ['seconds', 1_714_557_731.042],
    ['milliseconds', 1_714_557_731_042],
    ['microseconds', 1_714_557_731_042_000],
    ['nanoseconds', 1_714_557_731_042_000_000],
    ['text', '2024-05-01T10:02:11.042Z'],
  ] as const) {
    it(`takes a time in ${what}`, () => {
      assert.equal(parseJsonLine(JSON.stringify({ ts: value }))?.timeMs, 1_714_557_731_042);
    });
  }

  it('shows the stack of an error below it', () => {
    assert.equal(
      shown({ level: 'error', msg: 'failed', err: { type: 'E', stack: 'E: no\n    at a.js:1' } }),
      'ERROR failed err={"type":"E"}\n  E: no\n      at a.js:1',
    );
  });

  it('brings no escape sequences along', () => {
    assert.equal(shown({ msg: '\u001b[2Jgone\u001b]0;x\u0007' }), 'gone');
  });

  it('keeps what it does not know', () => {
    assert.equal(
      shown({ level: { a: 1 }, time: 'soon', msg: null }),
      'level={"a":1} time=soon msg=null',
    );
  });

  for (const line of ['', 'plain', '[1]', '{broken', '{"a":1} and more', 'null']) {
    it(`is not "${line}"`, () => assert.equal(shown(line), undefined));
  }
});
