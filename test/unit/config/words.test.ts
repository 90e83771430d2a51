import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDuration } from '../../../src/config/duration.ts';
import { closest } from '../../../src/config/suggest.ts';

describe('parseDuration', () => {
  const cases: [string, number | undefined][] = [
    ['0s', 0],
    ['500ms', 500],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['596h', 2_145_600_000],
    ['597h', undefined],
    ['10', undefined],
    ['10 s', undefined],
    ['-1s', undefined],
    ['1d', undefined],
    ['1m30s', undefined],
    ['', undefined],
  ];
  for (const [text, ms] of cases) it(`"${text}"`, () => assert.equal(parseDuration(text), ms));
});

describe('closest', () => {
  const cases: [string, string[], string | undefined][] = [
    ['databse', ['cache', 'database'], 'database'],
    ['ip', ['pi', 'po'], 'pi'],
    ['db', ['api', 'web'], undefined],
    ['API', ['api'], 'api'],
    ['ab', ['ax', 'ay'], 'ax'],
    ['x', [], undefined],
  ];
  for (const [word, candidates, expected] of cases) {
    it(`of ${word} in ${candidates.join(', ')}`, () => {
      assert.equal(closest(word, candidates), expected);
    });
  }
  it('finds a word that lost a letter', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3, maxLength: 30 }), fc.nat(29), (word, at) => {
        const shorter = word.slice(0, at % word.length) + word.slice((at % word.length) + 1);
        assert.equal(closest(shorter, [word]), word);
      }),
    );
  });
});
