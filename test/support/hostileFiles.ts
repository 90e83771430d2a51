/** A file that is there to be a burden, and what has to be said of it. */
export interface HostileFile {
  readonly title: string;
  readonly text: string;
  /** Codes of diagnostics; more may come. */
  readonly codes: readonly string[];
}

const million = 1_000_000;
const laughs = Array.from({ length: 12 }, (_, at) =>
  at === 0 ? 'l0: &l0 [x]' : `l${at}: &l${at} [${`*l${at - 1}, `.repeat(9)}]`,
);
const chain = Array.from({ length: 1000 }, (_, at) =>
  at === 0 ? 'c0: &c0 [x]' : `c${at}: &c${at} [*c${at - 1}]`,
);
const merges = Array.from({ length: 2000 }, (_, at) =>
  at === 0 ? 'm0: &m0 { k0: 1 }' : `m${at}: &m${at} { <<: *m${at - 1}, k${at}: 1 }`,
);
const wide = `b: &b {${Array.from({ length: 4000 }, (_, at) => `k${at}: 1`).join(',')}}`;
const doubling = Array.from({ length: 60 }, (_, at) =>
  at === 0 ? 'processes: {}\nenv:\n  D0: x' : `  D${at}: "\${D${at - 1}}\${D${at - 1}}"`,
);
const files: [title: string, text: string, ...codes: string[]][] = [
  ['an alias bomb', laughs.join('\n'), 'alias-bomb'],
  ['an alias in itself', 'processes: &p [*p]', 'alias-bomb'],
  ['a merge of itself', 'processes: &p { <<: *p, a: { command: x } }'],
  ['a merge of a list in itself', 'processes: { <<: &p [*p] }', 'wrong-type'],
  ['merges that add nothing', `${wide}\nx: { <<: [${'*b,'.repeat(4000)}] }`, 'alias-bomb'],
  ['variables that double', doubling.join('\n'), 'too-large'],
  ['a chain of merges', merges.join('\n'), 'alias-bomb'],
  ['a chain of aliases', chain.join('\n'), 'too-deep'],
  ['a list of more than anyone needs', `processes: [${'a,'.repeat(20_000)}]`, 'too-large'],
  ['a megabyte of closing brackets', ']'.repeat(million), 'syntax'],
  ['a megabyte of bad escapes', `a: "${'\\q'.repeat(million / 2 - 10)}"`, 'syntax'],
  ['a megabyte of documents', '---\n'.repeat(million / 4), 'syntax'],
  ['a megabyte of directives', '%YAML 1.2\n'.repeat(million / 10), 'too-large'],
  ['a megabyte of variables that begin', `env: { A: "${'${A:-'.repeat(190_000)}" }`],
  ['a megabyte of unknown ports', `env: { A: "${'${port:a}'.repeat(100_000)}" }`],
  ['more than a megabyte', `#${'x'.repeat(million)}`, 'too-large'],
  ['a megabyte of two-byte letters', `#${'é'.repeat(million / 2)}`, 'too-large'],
  ['a megabyte of one comment', `processes: []\n#${'x'.repeat(million - 20)}`],
  ['a megabyte of brackets', '['.repeat(million), 'too-deep'],
  ['a megabyte of commas', `[${','.repeat(million - 1)}`, 'too-large'],
  ['a megabyte of quotes', '"'.repeat(million), 'too-large'],
  ['a megabyte of tags', '!a '.repeat(million / 3), 'too-large'],
  ['a megabyte of one key', `processes: {}\n${'k'.repeat(million - 20)}: 1`],
  ['a megabyte of one word', `processes: { a: { command: ${'w'.repeat(million - 50)} } }`],
  [
    'a megabyte of one number',
    `processes: { a: { command: x, port: ${'9'.repeat(million - 50)} } }`,
  ],
  ['a megabyte of globs', `processes: { a: { command: x, watch: [${'"*",'.repeat(40_000)}] } }`],
  [
    'a megabyte of stars',
    `processes: { a: { command: x, env_exclude: ["${'*a'.repeat(400_000)}"] } }`,
  ],
  [
    'a megabyte of a schedule',
    `processes: { a: { command: x, schedule: "${'1,'.repeat(400_000)}1 * * * *" } }`,
    'wrong-type',
  ],
  [
    'a megabyte of secrets',
    `processes: { a: { command: x, env: { A: "${'${secret:X}'.repeat(90_000)}" } } }`,
  ],
  ['a megabyte of control characters', '\u0001\u0007\u001B'.repeat(million / 3)],
  ['a megabyte of line separators', 'a: b\u2028'.repeat(100_000), 'too-deep'],
  ['deep lists', `processes: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'too-deep'],
  ['deep maps', '{a: '.repeat(10_000) + '}'.repeat(10_000), 'too-deep'],
  ['deep blocks', `${'- '.repeat(20_000)}x`, 'too-deep'],
  ['a hundred levels', `processes: ${'['.repeat(100)}${']'.repeat(100)}`, 'too-deep'],
  [
    'too many processes',
    `processes: {${Array.from({ length: 1001 }, (_, at) => `p${at}: {command: x}`).join(',')}}`,
    'too-large',
  ],
];

/** As large and as entangled as they may be, and beyond. */
export const hostileFiles: readonly HostileFile[] = files.map(([title, text, ...codes]) => ({
  title,
  text,
  codes,
}));
