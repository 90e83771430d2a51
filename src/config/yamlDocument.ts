import * as l10n from '@vscode/l10n';
import type { CST, ParsedNode } from 'yaml';
import { LIMITS } from './defaults.ts';
import type { Diagnostics } from './diagnostics.ts';
import { SLICE } from './slices.ts';
import type { SourceText } from './sourceText.ts';
import { composeTokens } from './yamlComposer.ts';
import { readTokens, OutOfBoundsError, TooManyTokensError } from './yamlTokens.ts';

/**
 * The root node of the text, as far as it could be read; syntax errors are reported. Undefined for
 * an empty text and for one that is refused because reading it could take long.
 */
export async function parseYaml(
  source: SourceText,
  diagnostics: Diagnostics,
): Promise<ParsedNode | undefined> {
  const { text } = source;
  const start = source.firstLine(source.range(0, text.length));
  if (text.length > LIMITS.fileBytes || Buffer.byteLength(text) > LIMITS.fileBytes) {
    diagnostics.error('too-large', l10n.t('The file is larger than 1 MB; it is not read.'), start);
    return undefined;
  }
  try {
    return await compose(await readTokens(text), { source, diagnostics });
  } catch (error) {
    if (error instanceof TooManyTokensError) {
      const message = l10n.t('The file has more than {0} elements; it is not read.', LIMITS.tokens);
      diagnostics.error('too-large', message, start);
      return undefined;
    }
    if (!(error instanceof OutOfBoundsError)) throw error;
    const place = source.range(error.offset, error.offset + 1);
    if (error.bound === 'depth') {
      diagnostics.error('too-deep', l10n.t('The file is nested too deeply.'), place);
    } else {
      const message = l10n.t('A list or map can have at most {0} entries.', LIMITS.items);
      diagnostics.error('too-large', message, place);
    }
    return undefined;
  }
}

async function compose(
  tokens: readonly CST.Token[],
  { source, diagnostics }: { source: SourceText; diagnostics: Diagnostics },
): Promise<ParsedNode | undefined> {
  const composed = await composeTokens(tokens, source.text.length, SLICE.processes);
  const { root, errors, warnings, next } = composed;
  if (next !== undefined) {
    const message = l10n.t('The file must end here: it can hold one document only.');
    diagnostics.error('syntax', message, source.firstLine(source.range(next.start, next.end)));
  }
  for (const { pos, message } of errors) {
    diagnostics.error('syntax', sentence(message), source.trimmedRange(pos[0], pos[1]));
  }
  for (const { pos, message } of warnings) {
    diagnostics.warning('syntax', sentence(message), source.trimmedRange(pos[0], pos[1]));
  }
  return root;
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
