import { type CST, Lexer, Parser } from 'yaml';
import { LIMITS } from './defaults.ts';
import { nextTurn, SLICE } from './slices.ts';

/** The text has so many elements that reading it would take long. */
export class TooManyTokensError extends Error {}

/** Something is nested deeper, or longer, than a file of ours can mean; `offset` is where. */
export class OutOfBoundsError extends Error {
  readonly bound: 'depth' | 'items';
  readonly offset: number;

  constructor(bound: 'depth' | 'items', offset: number) {
    super();
    this.bound = bound;
    this.offset = offset;
  }
}

/**
 * What `parseDocument` of the library reads, in slices and counted. Everything the parser does is
 * linear in the number of tokens, so their number is the bound on its time. What comes after the
 * beginning of a second document, or after more errors than are shown, is not read.
 * @throws TooManyTokensError, OutOfBoundsError
 */
export async function readTokens(text: string): Promise<CST.Token[]> {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  const seen = { document: 0, error: 0, directive: 0 };
  const take = (token: CST.Token): void => {
    tokens.push(token);
    if (Object.hasOwn(seen, token.type)) seen[token.type as keyof typeof seen] += 1;
    if (seen.directive > LIMITS.directives) throw new TooManyTokensError();
  };
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > LIMITS.tokens) throw new TooManyTokensError();
    if (count % SLICE.tokens === 0) await nextTurn();
    for (const token of parser.next(lexeme)) take(token);
    // Far from what is nested too deeply by its values, which is said at a better place.
    if (parser.stack.length > LIMITS.depth * 4) throw new OutOfBoundsError('depth', parser.offset);
    const top = parser.stack.at(-1);
    if (top !== undefined && 'items' in top && top.items.length > LIMITS.items) {
      throw new OutOfBoundsError('items', parser.offset);
    }
    if (seen.document > 1 || seen.error >= LIMITS.diagnostics) return tokens;
  }
  for (const token of parser.end()) take(token);
  return tokens;
}
