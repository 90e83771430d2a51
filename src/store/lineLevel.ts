/** How grave a line of output is. */
export type LineLevel = 'error' | 'warn' | 'info' | 'debug';

/** From the gravest to the least. */
export const lineLevels: readonly LineLevel[] = ['error', 'warn', 'info', 'debug'];

const words: Readonly<Record<string, LineLevel>> = {
  emerg: 'error',
  emergency: 'error',
  alert: 'error',
  critical: 'error',
  crit: 'error',
  fatal: 'error',
  panic: 'error',
  severe: 'error',
  error: 'error',
  err: 'error',
  warning: 'warn',
  warn: 'warn',
  wrn: 'warn',
  notice: 'info',
  information: 'info',
  info: 'info',
  inf: 'info',
  log: 'info',
  debug: 'debug',
  dbg: 'debug',
  verbose: 'debug',
  silly: 'debug',
  trace: 'debug',
  trc: 'debug',
};

const alternatives = Object.keys(words).join('|');

/** Only here does one look: further on in a line, "error" is what the line is about. */
const prefixLength = 120;

/**
 * Shapes in which programs say how grave a line is. Each matches in linear time; the first that
 * matches counts, and its group is one of the words.
 */
const shapes: readonly RegExp[] = [
  // level=error, "level":"error", severity: WARNING
  new RegExp(`\\b(?:level|lvl|severity)["']?\\s*[=:]\\s*["']?(${alternatives})\\b`, 'i'),
  // [error], (WARN), <info>
  new RegExp(`[[(<]\\s?(${alternatives})\\s?[\\])>]`, 'i'),
  // error: …, warning[unused]: …, at the beginning, or after what a compiler names
  new RegExp(`^\\s*(${alternatives})(?:\\[[\\w-]+\\])?:`, 'i'),
  /[:)]\d*:? (error|warning)(?: [A-Z]+\d+)?:/,
  // 2024-05-01 10:02:11 ERROR …: as a word of its own, in capitals
  new RegExp(`(?:^|[\\s|])(${alternatives.toUpperCase()})(?=[\\s|:]|$)`),
  // npm ERR! …, npm warn …
  /^npm (err|warn)\b/i,
];

/** Beginnings of what programs print when they fail, which name no level. */
const failures =
  /^(?:Traceback \(most recent call last\)|Unhandled |Uncaught |panic: |thread '.*' panicked|Exception in thread |(?:[A-Za-z_$][\w$.]*)?(?:Error|Exception): )/;

/**
 * The level that a plain line (no escape sequences) gives itself; undefined when it says nothing
 * that is commonly understood. Conservative: a line that merely speaks of an error is not one.
 */
export function lineLevel(line: string): LineLevel | undefined {
  const start = line.slice(0, prefixLength);
  for (const shape of shapes) {
    const word = shape.exec(start)?.[1];
    if (word !== undefined) return words[word.toLowerCase()];
  }
  return failures.test(start) ? 'error' : undefined;
}

/** A line that belongs to the one before it: of a stack trace, or of a message of several lines. */
export function isContinuation(line: string): boolean {
  return /^(?:\s+\S|Caused by: |During handling of |\})/.test(line);
}

/** The level that a word or a number of a structured log means; numbers as pino and bunyan have them. */
export function levelOf(value: unknown): LineLevel | undefined {
  if (typeof value === 'string') return words[value.toLowerCase()];
  if (typeof value !== 'number') return undefined;
  if (value >= 50) return 'error';
  if (value >= 40) return 'warn';
  return value >= 30 ? 'info' : 'debug';
}
