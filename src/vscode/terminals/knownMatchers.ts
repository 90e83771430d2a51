/** Problem matchers that the editor brings without an extension naming them. */
const builtIn = [
  'msCompile',
  'lessCompile',
  'gulp-tsc',
  'jshint',
  'jshint-stylish',
  'eslint-compact',
  'eslint-stylish',
  'go',
];

/** A problem matcher as far as one has to know it. */
export interface KnownMatcher {
  readonly name: string;
  /** It knows the lines at which a program that watches begins and ends a pass. */
  readonly isWatching: boolean;
}

/**
 * The problem matchers that can be named, from the manifests of all extensions. What they hold is
 * not ours: whatever is not as it should be is passed over.
 */
export function knownMatchers(manifests: readonly unknown[]): Map<string, KnownMatcher> {
  const known = new Map(
    builtIn.map((name) => [`$${name}`, { name: `$${name}`, isWatching: false }]),
  );
  for (const manifest of manifests) {
    const matchers = field(field(manifest, 'contributes'), 'problemMatchers');
    for (const matcher of Array.isArray(matchers) ? (matchers as unknown[]) : []) {
      const bare = field(matcher, 'name');
      if (typeof bare !== 'string') continue;
      const name = bare.startsWith('$') ? bare : `$${bare}`;
      const isWatching = ['background', 'watching'].some((key) => isObject(field(matcher, key)));
      known.set(name, { name, isWatching });
    }
  }
  return known;
}

/** Those that are known, and those that are not. */
export function sortMatchers(
  names: readonly string[],
  known: ReadonlyMap<string, KnownMatcher>,
): { readonly found: readonly KnownMatcher[]; readonly missing: readonly string[] } {
  const found = names.map((name) => known.get(name)).filter((each) => each !== undefined);
  return { found, missing: names.filter((name) => !known.has(name)) };
}

function field(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
