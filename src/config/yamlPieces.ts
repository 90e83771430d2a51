import type { CST } from 'yaml';
import { groupsOf } from './slices.ts';

type Block = CST.BlockMap | CST.BlockSequence;

/** A part of a document's entries. */
export interface Piece {
  /** Of these alone; its collection says to begin where the whole one does. */
  readonly document: CST.Document;
  /** Are its entries the next ones of the root, or of the last entry that the root has so far? */
  readonly of: 'root' | 'last';
}

/**
 * Cuts a document into pieces of at most `size` entries of its root, and of what is directly below,
 * where the processes are. In one piece if it is no block map, or has tags, which are of a whole.
 */
export function* piecesOf(document: CST.Document, size: number): Iterable<Piece> {
  const { value: root } = document;
  if (root?.type !== 'block-map' || hasTag(document.start)) {
    yield { document, of: 'root' };
    return;
  }
  let isFirst = true;
  const pieceOf = (items: CST.BlockMap['items']): Piece => {
    // What stands around the root goes with its first entries.
    const around = isFirst ? document : bare(document);
    isFirst = false;
    return { document: { ...around, value: { ...root, items } }, of: 'root' };
  };
  let waiting: CST.BlockMap['items'] = [];
  for (const item of root.items) {
    const { value } = item;
    const isLarge = isBlock(value) && value.items.length > size && !hasTag(item.sep);
    waiting.push(isLarge ? { ...item, value: part(value, value.items.slice(0, size)) } : item);
    if (!isLarge && waiting.length < size) continue;
    yield pieceOf(waiting);
    waiting = [];
    if (!isLarge) continue;
    for (const items of groupsOf<Block['items'][number]>(value.items.slice(size), size)) {
      yield { document: { ...bare(document), value: part(value, items) }, of: 'last' };
    }
  }
  if (waiting.length > 0) yield pieceOf(waiting);
}

function bare({ offset }: CST.Document): CST.Document {
  return { type: 'document', offset, start: [] };
}

function isBlock(token: CST.Token | null | undefined): token is Block {
  return token?.type === 'block-map' || token?.type === 'block-seq';
}

function hasTag(tokens: readonly CST.SourceToken[] = []): boolean {
  return tokens.some(({ type }) => type === 'tag');
}

function part(block: Block, items: readonly Block['items'][number][]): Block {
  return { ...block, items: [...items] } as Block;
}
