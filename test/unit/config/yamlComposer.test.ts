import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type CST,
  isAlias,
  isCollection,
  isPair,
  isScalar,
  type Node,
  Parser,
  parseDocument,
} from 'yaml';
import { composeTokens } from '../../../src/config/yamlComposer.ts';

const sample = `# All of it
env: &e { A: b, # one
  C: [d, "e"] }
processes: # many
  # first
  - name: one
    command: |
      run

  - &two { name: two, env: *e }

  # third
  -
    name: three
  - four
defaults:
  a: 1
  ? b
  : - 1
    - 2
    -
    - x: y
      z:
  c: !!str 3
tagged: !!set
  ? one
  ? two
  ? three
empty:
last: [1, 2]
# end
`;

/** Without where the comments behind it end, which nobody asks for. */
function rangeOf({ range }: Pick<Node, 'range'>): unknown {
  return range?.slice(0, 2);
}

function describeNode(node: unknown): unknown {
  if (isPair(node)) return { key: describeNode(node.key), value: describeNode(node.value) };
  if (isAlias(node)) return { alias: node.source, range: rangeOf(node) };
  if (isScalar(node)) return { value: node.value, anchor: node.anchor, range: rangeOf(node) };
  if (!isCollection(node)) return node;
  const { anchor, items } = node;
  return { anchor, range: rangeOf(node), items: items.map(describeNode) };
}

function tokensOf(text: string): CST.Token[] {
  return [...new Parser().parse(text)];
}

async function compare(text: string): Promise<void> {
  const whole = parseDocument<Node, false>(text, { prettyErrors: false, uniqueKeys: false });
  const pieces = await composeTokens(tokensOf(text), text.length, 1);
  const where = (errors: typeof pieces.errors): unknown[] =>
    errors
      // A check of the library of itself, over entries that have other errors.
      .filter(({ code }) => code !== 'IMPOSSIBLE')
      .map(({ code, pos }) => `${pos.join('-')} ${code}`)
      .sort();
  assert.deepEqual(describeNode(pieces.root ?? null), describeNode(whole.contents));
  // The library reports a second document as an error of the first one.
  const own = whole.errors.filter(({ code }) => code !== 'MULTIPLE_DOCS');
  assert.deepEqual(where(pieces.errors), where(own));
  assert.deepEqual(where(pieces.warnings), where(whole.warnings));
}

describe('composeTokens', () => {
  it('makes the same of a document in pieces as the library of the whole', () => compare(sample));

  it('does so of any part of it', async () => {
    for (let at = 0; at < sample.length; at++) {
      await compare(sample.slice(0, at));
      await compare(sample.slice(at));
    }
  });

  it('does so when it is damaged', async () => {
    const insert = fc.constantFrom('', '\n', ' ', '- ', ': ', '? ', '#', '"', '[', '}', '*e', '&x ', '!t ', '|', '\t', '\n  - ', '\nk: '); // prettier-ignore
    const damage = fc.tuple(fc.nat(sample.length), fc.nat(8), insert);
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        let text = sample;
        for (const [at, length, add] of damages) {
          text = text.slice(0, at) + add + text.slice(at + length);
        }
        return compare(text);
      }),
      { numRuns: 500 },
    );
  });
});
