import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineSplitter } from '../../../src/store/lineSplitter.ts';

/** All lines of the chunks, the one that has not ended included. */
function split(chunks: readonly (string | Buffer)[], maxLineBytes?: number): string[] {
  const splitter = new LineSplitter(maxLineBytes);
  const lines = chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk)));
  const last = splitter.end();
  return last === undefined ? lines : [...lines, last];
}

describe('LineSplitter', () => {
  const cases: [name: string, chunks: (string | Buffer)[], lines: string[]][] = [
    ['whole lines', ['a\nb\n'], ['a', 'b']],
    ['a line over several chunks', ['a', 'b', 'c\n'], ['abc']],
    ['empty lines', ['\n\na\n\n'], ['', '', 'a', '']],
    ['a last line without its end', ['a\nb'], ['a', 'b']],
    ['CR LF', ['a\r\nb\r\n'], ['a', 'b']],
    ['CR LF over two chunks', ['a\r', '\nb\n'], ['a', 'b']],
    ['several CRs before LF', ['a\r\r\nb\r', '\r', '\n'], ['a', 'b']],
    ['a progress bar', ['10%\r50%\r100%\n'], ['100%']],
    ['a progress bar over chunks', ['10%\r', '50%\r', '100%\r', '\ndone\n'], ['100%', 'done']],
    ['a progress bar that has not ended', ['10%\r50%\r'], ['50%']],
    ['a character over two chunks', [Buffer.from([0xc3]), Buffer.from([0xa4, 0x0a])], ['ä']],
    ['what is not UTF-8', [Buffer.from([0x61, 0xff, 0xfe, 0x62, 0x0a])], ['a\ufffd\ufffdb']],
  ];
  for (const [name, chunks, lines] of cases) {
    it(`takes ${name}`, () => assert.deepEqual(split(chunks), lines));
  }

  it('gives the same lines however the bytes are cut into chunks', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ä', '👋', '\r', '\n', '\r\n') });
    fc.assert(
      fc.property(text, fc.array(fc.nat(20)), (whole, cuts) => {
        const bytes = Buffer.from(whole);
        const chunks: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(at, at + cut));
          at = Math.min(bytes.length, at + cut);
        }
        chunks.push(bytes.subarray(at));
        assert.deepEqual(split(chunks, 16), split([bytes], 16));
      }),
    );
  });

  it('gives the same lines of any bytes at once as byte by byte', () => {
    const byte = fc.oneof(
      fc.constantFrom(0x0a, 0x0a, 0x0d, 0x41, 0xc3, 0xa4, 0xe2, 0xf0, 0x9f, 0xff),
      fc.nat(255),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 200 }), (values) => {
        const bytes = Buffer.from(values);
        const each = values.map((value) => Buffer.from([value]));
        for (const max of [16, 1024]) assert.deepEqual(split([bytes], max), split(each, max));
      }),
      { numRuns: 2_000 },
    );
  });

  it('knows how many bytes belong to the line that has not ended', () => {
    const splitter = new LineSplitter(4);
    splitter.push(Buffer.from('abc\nde\rfghijklmno'));
    assert.equal(splitter.pendingBytes, 'de\rfghijklmno'.length);
    splitter.push(Buffer.from('\n'));
    assert.equal(splitter.pendingBytes, 0);
  });

  it('cuts a long line, says how much is left out, and goes on after it', () => {
    assert.deepEqual(split(['abcdefgh\nij\n'], 4), ['abcd… [4 more bytes]', 'ij']);
    assert.deepEqual(split(['abcd\n'], 4), ['abcd']);
  });

  it('does not cut a character in half', () => {
    assert.deepEqual(split(['aää\n'], 4), ['aä… [2 more bytes]']);
    assert.deepEqual(split(['a👋👋\n'], 6), ['a👋… [4 more bytes]']);
  });

  it('keeps 8 KB of a line of 100 MB', () => {
    const splitter = new LineSplitter();
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 100; i += 1) assert.deepEqual(splitter.push(chunk), []);
    assert.ok(process.memoryUsage().rss - before < 32 * 1024 * 1024);
    const [line = ''] = splitter.push(Buffer.from('\n'));
    assert.equal(line, `${'x'.repeat(8192)}… [${100 * 1024 * 1024 - 8192} more bytes]`);
  });
});
