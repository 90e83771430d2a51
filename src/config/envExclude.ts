/**
 * Does one of the patterns of an `env_exclude` name a variable? `*` stands for any characters;
 * Windows knows no case in names.
 */
export function excluder(
  patterns: readonly string[],
  platform: NodeJS.Platform = process.platform,
): (name: string) => boolean {
  if (patterns.length === 0) return () => false;
  const alternatives = patterns.map((pattern) =>
    pattern
      .split(/\*+/)
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );
  const expression = new RegExp(
    `^(?:${alternatives.join('|')})$`,
    platform === 'win32' ? 'is' : 's',
  );
  return (name) => expression.test(name);
}
