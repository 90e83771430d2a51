import { createHash } from 'node:crypto';

/** Device names of Windows: reserved in every folder, in any case, and with any extension. */
const reservedName = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;

const maxPlainLength = 64;

/**
 * A file name for a process name, the same on every file system. Most names stand for themselves.
 * One that a case-insensitive file system could take for another, that Windows reserves or trims,
 * or that is very long gets a hash behind a `~`, which no process name contains; so two different
 * names never share a slug.
 */
export function slug(name: string): string {
  const lowered = name.toLowerCase();
  const isPlain =
    name === lowered &&
    name.length <= maxPlainLength &&
    /^[a-z0-9][a-z0-9._-]*$/.test(name) &&
    !name.endsWith('.') &&
    !reservedName.test(name);
  if (isPlain) return name;
  // Without its dots, since `nul.anything` is as reserved as `nul`.
  const readable = lowered.replaceAll(/[^a-z0-9_-]/g, '_').slice(0, maxPlainLength);
  return `${readable}~${shortHash(name, 8)}`;
}

/** The first `length` hex digits of the SHA-256 of `text`. */
export function shortHash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
