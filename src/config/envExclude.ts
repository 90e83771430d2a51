/**
 * Does one of the patterns of an `env_exclude` name a variable? `*` stands for any characters;
 * Windows knows no case in names.
 */
export function excluder(
  patterns: readonly string[],
  platform: NodeJS.Platform = process.platform,
): (name: string) => boolean {
  const fold = (name: string): string => (platform === 'win32' ? name.toUpperCase() : name);
  const parts = patterns.map((pattern) => fold(pattern).split(/\*+/));
  return (name) => parts.some((each) => matches(fold(name), each));
}

/**
 * Do the parts of a pattern, between its stars, stand in the name one after the other? Not by a
 * regular expression, which could try for ever with many stars.
 */
function matches(name: string, [first = '', ...rest]: readonly string[]): boolean {
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length >= at + last.length && name.endsWith(last);
}
