import {
  Composer,
  type CST,
  isCollection,
  isMap,
  isPair,
  isSeq,
  type ParsedNode,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { LIMITS } from './defaults.ts';
import { nextTurn } from './slices.ts';
import { piecesOf } from './yamlPieces.ts';

/** What the tokens of a file mean. */
export interface Composed {
  /** Undefined also if there are more errors than are shown. */
  readonly root: ParsedNode | undefined;
  readonly errors: readonly YAMLError[];
  readonly warnings: readonly YAMLError[];
  /** Where a second document stands, which there must not be. */
  readonly next: { readonly start: number; readonly end: number } | undefined;
}

/**
 * Makes nodes of the tokens of a text of `length`, as `parseDocument` of the library does, but in
 * pieces of `size` entries with turns of the event loop between them.
 */
export async function composeTokens(
  tokens: readonly CST.Token[],
  length: number,
  size: number,
): Promise<Composed> {
  const counts = { errors: 0, warnings: 0 };
  const errors: YAMLError[] = [];
  const warnings: YAMLError[] = [];
  const compose = (some: readonly CST.Token[]): ReturnType<typeof read> => {
    const result = read(some, length, counts);
    errors.push(...result.errors);
    warnings.push(...result.warnings);
    return result;
  };
  const at = tokens.findIndex(({ type }) => type === 'document');
  const document = tokens[at];
  // Directives are of the whole document.
  const isWhole = document?.type !== 'document' || tokens.some(({ type }) => type === 'directive');
  const [first, ...rest] = isWhole ? [] : piecesOf(document, size);
  const { root, next, isEnough } = compose(
    first === undefined ? tokens : tokens.with(at, first.document),
  );
  for (const piece of isEnough ? [] : rest) {
    await nextTurn();
    const target = piece.of === 'root' ? root : lastOf(root);
    if (!isCollection(root) || !isCollection(target)) continue;
    const { value } = piece.document;
    // Where the last one ended, as if there had been no cut between them.
    const from = { ...value, offset: target.range?.[1] } as CST.Token;
    const more = compose([{ ...piece.document, value: from }]);
    if (more.isEnough) return { root: undefined, errors, warnings, next };
    append(more.root, target);
    if (target !== root && target.range)
      root.range = [root.range[0], target.range[2], target.range[2]];
  }
  return { root, errors, warnings, next };
}

/** Enough was found; the library goes on for as long as nobody stops it. */
class EnoughError extends Error {}

type Read = Composed & { readonly isEnough: boolean };

function read(tokens: readonly CST.Token[], length: number, counts: ErrorCounts): Read {
  // Duplicates are looked for in yamlNodes.ts, which knows more of what a key means.
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false });
  boundErrors(composer, counts);
  try {
    // There is one even for an empty text.
    const [document, other] = composer.compose(tokens, true, length);
    const { contents, errors = [], warnings = [] } = document ?? {};
    const next = other && { start: other.range[0], end: other.range[1] };
    return { root: contents ?? undefined, errors, warnings, next, isEnough: false };
  } catch (error) {
    if (!(error instanceof EnoughError)) throw error;
    const { errors, warnings } = composer.streamInfo();
    return { root: undefined, errors, warnings, next: undefined, isEnough: true };
  }
}

interface ErrorCounts {
  errors: number;
  warnings: number;
}

type OnError = (source: unknown, code: string, message: string, isWarning?: boolean) => void;

/**
 * A megabyte can have half a million errors, and each is an object with a stack. The library has
 * no option for it, and passes every error through this property, which its types hide.
 */
function boundErrors(composer: Composer, counts: ErrorCounts): void {
  const { onError } = composer as unknown as { onError: OnError };
  const bounded: OnError = (place, code, message, isWarning) => {
    const count = isWarning === true ? (counts.warnings += 1) : (counts.errors += 1);
    if (count <= LIMITS.diagnostics) onError(place, code, message, isWarning);
    // It is caught and told of at each level of the document, and so comes by again.
    else if (isWarning !== true) throw new EnoughError();
  };
  Object.assign(composer, { onError: bounded });
}

function lastOf(root: ParsedNode | undefined): unknown {
  const last = isMap(root) ? root.items.at(-1) : undefined;
  return isPair(last) ? last.value : undefined;
}

/** Adds the entries of a piece to what it is a piece of. */
function append(piece: ParsedNode | undefined, target: YAMLMap | YAMLSeq): void {
  if (isMap(target) && isMap(piece)) target.items.push(...piece.items);
  if (isSeq(target) && isSeq(piece)) target.items.push(...piece.items);
  if (piece && target.range) target.range = [target.range[0], piece.range[1], piece.range[2]];
}
