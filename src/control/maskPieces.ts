import { mask } from '../base/masker.ts';
import { maxRequestBytes } from './protocol.ts';

/** Masked in one go, while the owner does nothing else. In bytes of JSON. */
const pieceBytes = 256 * 1024;
/** What a request has around its lines. */
const frameBytes = 64;

/**
 * Cuts lines into pieces that fit into a request, in order. Lines stay whole, since a secret could
 * lie across the cut; one that fits into no request becomes the mask itself.
 */
export function maskPieces(lines: readonly string[], maxBytes = pieceBytes): string[][] {
  const pieces: string[][] = [];
  let piece: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const lineBytes = Buffer.byteLength(JSON.stringify(line)) + 1;
    if (piece.length > 0 && bytes + lineBytes > maxBytes) {
      pieces.push(piece);
      piece = [];
      bytes = 0;
    }
    const isTooLong = lineBytes + frameBytes > maxRequestBytes;
    piece.push(isTooLong ? mask : line);
    bytes += isTooLong ? 0 : lineBytes;
  }
  if (piece.length > 0) pieces.push(piece);
  return pieces;
}
