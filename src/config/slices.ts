/**
 * Lets the event loop turn in the middle of long work: an editor must answer while a large file is
 * read. Counted and not timed, so that the same text always makes the same pauses.
 */
export async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Each takes some milliseconds. */
export const SLICE = {
  /** Lexical tokens. */
  tokens: 5000,
  /** Of the file's processes. */
  processes: 50,
} as const;

/** The items in groups of `size`, the last one smaller. */
export function* groupsOf<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
