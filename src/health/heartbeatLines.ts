import { stripVTControlCharacters } from 'node:util';

/** What a process says of itself in one line, as in systemd's notification protocol. */
export type HeartbeatLine =
  | { readonly kind: 'ready' }
  | { readonly kind: 'beat' }
  | { readonly kind: 'status'; readonly text: string };

/** Longer lines than this are no lines of the protocol, in bytes. */
export const maxLineBytes = 1024;

const maxStatusLength = 200;

/** The meaning of a line; undefined for what is none of these, which does not count. */
export function parseHeartbeatLine(line: string): HeartbeatLine | undefined {
  const text = line.trim();
  if (text === 'READY=1') return { kind: 'ready' };
  if (text === 'WATCHDOG=1') return { kind: 'beat' };
  if (!text.startsWith('STATUS=')) return undefined;
  // Control characters have no place in a tree; colours are taken out whole.
  const status = stripVTControlCharacters(text.slice('STATUS='.length))
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return { kind: 'status', text: status.slice(0, maxStatusLength) };
}
