export interface UntilOptions {
  /** Between two looks; a few milliseconds by default. */
  readonly everyMs?: number;
  /** Words on how things stand, for the error. */
  readonly describe?: () => string | Promise<string>;
}

/**
 * Waits until `look` gives something, asking again and again. Rejects after a generous limit, which
 * is there to end a test that fails, not to measure anything.
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  limitMs = 60_000,
  { everyMs = 5, describe = () => '' }: UntilOptions = {},
): Promise<NonNullable<Exclude<T, false>>> {
  for (const end = performance.now() + limitMs; ;) {
    const seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) {
      return seen as NonNullable<Exclude<T, false>>;
    }
    if (performance.now() > end) {
      throw new Error(`Not seen within ${limitMs} ms: ${what}. ${await describe()}`.trim());
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
