import assert from 'node:assert/strict';
import fc from 'fast-check';
import { interpolate, type Variables } from '../../../src/config/interpolate.ts';

const values: Readonly<Record<string, string>> = {
  A: 'a',
  EMPTY: '',
  DOLLAR: '${A}',
  'P(x86)': 'p',
};
const variables: Variables = {
  env: (name) => values[name],
  workspaceFolder: '/work space',
  process: 'api',
  ports: new Map([['api', 80], ['db', 5432], ['job', undefined]]), // prettier-ignore
};

describe('interpolate', () => {
  const cases: [text: string, result: string][] = [
    ['plain', 'plain'],
    ['${A}-${env:A}', 'a-a'],
    ['${env:P(x86)}', 'p'],
    ['${X:-b}${A:-b}${EMPTY:-b}|${EMPTY}', 'bab|'],
    ['${X:-${Y:-${A}}}!', 'a!'],
    ['${X:-}', ''],
    ['${X:-$$5 $x}', '$5 $x'],
    ['${workspaceFolder}/x', '/work space/x'],
    ['${port} ${port:db}', '80 5432'],
    ['$$ $$$$ $A $5 $', '$ $$ $A $5 $'],
    ['$${A} $$${A}', '${A} $a'],
    ['${DOLLAR}', '${A}'],
    ['} {a} }', '} {a} }'],
  ];
  for (const [text, result] of cases) {
    it(`${text} is ${result}`, () => {
      assert.deepEqual(interpolate(text, variables), { value: result, problems: [] });
    });
  }

  it('leaves text without dollars as it is, and doubled dollars single', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const doubled = text.replaceAll('$', '$$$$');
        assert.deepEqual(interpolate(doubled, variables), { value: text, problems: [] });
      }),
    );
  });

  it('has its problems inside of any text', () => {
    const piece = fc.constantFrom('$', '{', '}', ':-', 'port', ':', 'A', 'env', '$${', '\n', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        for (const { start, end } of interpolate(text, variables).problems) {
          assert.ok(start < end && end <= text.length);
          assert.equal(text.slice(start, start + 2), '${');
        }
      }),
    );
  });

  for (const [title, unit] of [
    ['open', '${a'],
    ['nested', '${A:-'],
    ['closed', '${X}'],
  ] as const) {
    it(`takes a megabyte of ${title} variables`, () => {
      const { problems } = interpolate(unit.repeat(1_000_000 / unit.length), variables);
      assert.ok(problems.length > 0);
    });
  }
});
