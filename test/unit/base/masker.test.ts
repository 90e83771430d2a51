import assert from 'node:assert/strict';
import { Masker } from '../../../src/base/masker.ts';

describe('Masker', () => {
  const table: [what: string, secrets: string[], text: string, masked: string][] = [
    ['knows nothing at first', [], 'hunter22', 'hunter22'],
    ['hides a value wherever it is', ['hunter22'], 'a=hunter22 hunter22!', 'a=••• •••!'],
    ['leaves short values', ['abc'], 'abc', 'abc'],
    ['takes the longest', ['pass', 'password1'], 'password1 pass', '••• •••'],
    ['takes values as they are, not as patterns', ['a.c*[1'], 'abcc1 a.c*[1', 'abcc1 •••'],
    [
      'hides a value of several lines line by line',
      ['first line\nx\r\n  second line\n'],
      'first line\n> second line\nx',
      '•••\n> •••\nx',
    ],
    ['knows how URLs write it', ['p@ss/w:rd'], 'db://u:p%40ss%2Fw%3Ard@h', 'db://u:•••@h'],
    ['knows how JSON writes it', ['say "hi" \\o/'], '{"a":"say \\"hi\\" \\\\o/"}', '{"a":"•••"}'],
  ];
  for (const [what, secrets, text, masked] of table) {
    it(what, () => {
      const masker = new Masker();
      masker.add(secrets);
      assert.equal(masker.mask(text), masked);
    });
  }

  it('goes on hiding what was changed since', () => {
    const masker = new Masker();
    masker.add(['older value']);
    masker.add(['newer value']);
    assert.equal(masker.mask('older value, newer value'), '•••, •••');
  });
});
