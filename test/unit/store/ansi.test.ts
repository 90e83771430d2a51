import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { stripAnsi } from '../../../src/store/ansi.ts';

describe('stripAnsi', () => {
  const cases: [name: string, line: string, text: string][] = [
    ['plain text', 'GET / 200 in 3 ms', 'GET / 200 in 3 ms'],
    ['colours', '\x1b[1;32mready\x1b[0m in \x1b[38;2;1;2;3m5\x1b[m ms', 'ready in 5 ms'],
    ['colon parameters', '\x1b[4:3mx\x1b[58:2::1:2:3my', 'xy'],
    ['cursor movement and clearing', '\x1b[2K\x1b[1Gbuilding\x1b[?25l', 'building'],
    ['intermediate bytes', '\x1b[1 qx\x1b[!py', 'xy'],
    ['8-bit CSI', '\u009b31mred', 'red'],
    ['a title ended by BEL', '\x1b]0;npm run dev\x07> vite', '> vite'],
    ['a link ended by ST', '\x1b]8;;http://x/\x1b\\here\x1b]8;;\x1b\\.', 'here.'],
    ['a device string', '\x1bP1$r0m\x1b\\x', 'x'],
    ['character sets and keypad', '\x1b(Bx\x1b=y\x1b7z', 'xyz'],
    ['controls, but not the tab', 'a\x00b\x08c\td\x7fe', 'abc\tde'],
    ['a title that never ends', 'a\x1b]0;title and text', 'a0;title and text'],
    ['a sequence cut short by the end', 'a\x1b[38;5', 'a'],
    ['a lone escape', 'a\x1b', 'a'],
    ['a string broken off by another escape', '\x1b]0;t\x1b[31mred', '0;tred'],
    ['letters beyond ASCII', '\x1b[1mgrüße 👋\x1b[0m', 'grüße 👋'],
  ];
  for (const [name, line, text] of cases) {
    it(`strips ${name}`, () => assert.equal(stripAnsi(line), text));
  }

  it('leaves no control character, and leaves text without them alone', () => {
    const piece = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      '0',
      ';',
      'm',
      '\x07',
      '\\',
      'é',
      '\u009c',
      ' ',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: piece })), (line) => {
        const text = stripAnsi(line);
        assert.equal(
          Array.from(text).some((c) => c !== '\t' && (c < ' ' || (c >= '\x7f' && c < '\xa0'))),
          false,
        );
        assert.equal(stripAnsi(text), text);
      }),
    );
  });

  it('takes time in proportion to the length, on what makes such expressions slow', () => {
    const evil = ['\x1b]', '\x1b[', '\x1b[1', '\x1b]0;', '\x1bP', '\x1b', '\x1b[1;', '\x1b ', '0'];
    const seconds = (line: string): number => {
      const start = performance.now();
      stripAnsi(line);
      return performance.now() - start;
    };
    for (const unit of evil) {
      for (const lead of ['', '\x1b]', '\x1b[']) {
        const line = lead + unit.repeat(400_000);
        // Quadratic time would be minutes for this length; the bound only has to tell these apart.
        assert.ok(seconds(line) < 5000, JSON.stringify(lead + unit));
      }
    }
  });
});
