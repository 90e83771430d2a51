import * as l10n from '@vscode/l10n';
import { Composer, type CST, Lexer, type ParsedNode, Parser } from 'yaml';
import { LIMITS } from './defaults.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { SourceText } from './sourceText.ts';

/**
 * The root node of the text, as far as it could be read; syntax errors are reported. Undefined for
 * an empty text and for one that is refused because reading it could take long. Everything the
 * parser does is linear in the number of tokens, so their number is the bound on its time.
 */
export function parseYaml(source: SourceText, diagnostics: Diagnostics): ParsedNode | undefined {
  const { text } = source;
  const start = source.firstLine(source.range(0, text.length));
  if (text.length > LIMITS.fileBytes || Buffer.byteLength(text) > LIMITS.fileBytes) {
    diagnostics.error('too-large', l10n.t('The file is larger than 1 MB; it is not read.'), start);
    return undefined;
  }
  try {
    return parse(source, diagnostics);
  } catch (error) {
    if (error instanceof TooManyTokensError) {
      const message = l10n.t('The file has more than {0} elements; it is not read.', LIMITS.tokens);
      diagnostics.error('too-large', message, start);
      return undefined;
    }
    if (!(error instanceof RangeError)) throw error;
    diagnostics.error('too-deep', l10n.t('The file is nested too deeply.'), start);
    return undefined;
  }
}

class TooManyTokensError extends Error {}

/** What `parseDocument` of the library reads, counted. @throws TooManyTokensError */
function* boundedTokens(text: string): Generator<CST.Token, void> {
  const parser = new Parser();
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > LIMITS.tokens) throw new TooManyTokensError();
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

function parse(source: SourceText, diagnostics: Diagnostics): ParsedNode | undefined {
  // Duplicates are looked for in yamlNodes.ts, which knows more of what a key means.
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false });
  const documents = composer.compose(boundedTokens(source.text), true, source.text.length);
  const [document, ...others] = documents;
  // There is one even for an empty text.
  if (document === undefined) return undefined;
  for (const { range } of others.slice(0, 1)) {
    const message = l10n.t('The file must end here: it can hold one document only.');
    diagnostics.error('syntax', message, source.firstLine(source.range(range[0], range[1])));
  }
  for (const error of document.errors) {
    const [start, end] = error.pos;
    if (error.code === 'RESOURCE_EXHAUSTION') {
      const message = l10n.t('The file is nested too deeply.');
      diagnostics.error('too-deep', message, source.trimmedRange(start, end));
    } else {
      diagnostics.error('syntax', sentence(error.message), source.trimmedRange(start, end));
    }
  }
  for (const warning of document.warnings) {
    const [start, end] = warning.pos;
    diagnostics.warning('syntax', sentence(warning.message), source.trimmedRange(start, end));
  }
  return document.contents ?? undefined;
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
