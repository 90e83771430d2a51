import { stripAnsi } from './ansi.ts';
import { levelOf, type LineLevel } from './lineLevel.ts';

/** A line of a structured log, taken apart. */
export interface JsonLine {
  readonly level: LineLevel | undefined;
  /** The level as the program writes it: "ERROR", "fatal", "50". */
  readonly levelWord: string | undefined;
  /** ms since the epoch. */
  readonly timeMs: number | undefined;
  readonly message: string;
  /** Everything else, as `key=value`. */
  readonly rest: string;
  /** The stack trace of an error in it. */
  readonly stack: string | undefined;
}

const levelKeys = ['level', 'lvl', 'severity', 'loglevel', 'log.level', 'levelname'];
const timeKeys = ['time', 'timestamp', 'ts', '@timestamp', 'date', 'datetime', 'asctime', 't'];
const messageKeys = ['msg', 'message', 'text', 'event', 'body'];
const stackKeys = ['stack', 'stack_trace', 'stacktrace', 'exc_info'];
const errorKeys = ['err', 'error', 'exception'];

/** Reads a line that holds one JSON object; undefined for every other line. */
export function parseJsonLine(line: string): JsonLine | undefined {
  if (!/^\s*\{/.test(line)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = new Map(Object.entries(value));
  const level = take(fields, levelKeys, isText);
  const time = take(fields, timeKeys, isTime);
  const message = take(fields, messageKeys, isText);
  const stack = take(fields, stackKeys, isText) ?? stackOfError(fields);
  // Of pino and bunyan: the version of the format.
  fields.delete('v');
  return {
    level: levelOf(level),
    levelWord: level === undefined ? undefined : plain(level),
    timeMs: timeOf(time),
    message: message === undefined ? '' : plain(message),
    rest: [...fields].map(([key, each]) => `${plain(key)}=${show(each)}`).join(' '),
    stack: stack === undefined ? undefined : String(stack),
  };
}

/** As one reads it: time, level, message, the rest; the lines of a stack trace below it. */
export function formatJsonLine(line: JsonLine, formatTime: (ms: number) => string): string {
  const { level, levelWord, timeMs, message, rest, stack } = line;
  const word = level === undefined ? levelWord : level.toUpperCase().padEnd(5);
  const parts = [timeMs === undefined ? undefined : formatTime(timeMs), word, message, rest];
  const first = parts.filter((part) => part !== undefined && part !== '').join(' ');
  if (stack === undefined) return first;
  const below = stack.split('\n').map((each) => `  ${stripAnsi(each)}`);
  return [first, ...below].join('\n');
}

function take(
  fields: Map<string, unknown>,
  keys: readonly string[],
  fits: (value: unknown) => value is string | number,
): string | number | undefined {
  for (const [name, value] of fields) {
    if (!keys.includes(name.toLowerCase()) || !fits(value)) continue;
    fields.delete(name);
    return value;
  }
  return undefined;
}

function stackOfError(fields: Map<string, unknown>): string | number | undefined {
  for (const key of errorKeys) {
    const error = fields.get(key);
    if (typeof error !== 'object' || error === null) continue;
    const inner = new Map(Object.entries(error));
    const stack = take(inner, stackKeys, isText);
    if (stack === undefined) continue;
    fields.set(key, Object.fromEntries(inner));
    return stack;
  }
  return undefined;
}

function isText(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function isTime(value: unknown): value is string | number {
  return timeOf(value) !== undefined;
}

/** Seconds, milliseconds, micro- or nanoseconds, told apart by their size; or a date as text. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value)) {
    const ms = Date.parse(value.replace(/(\.\d{3})\d+/, '$1').replace(',', '.'));
    return Number.isNaN(ms) ? undefined : ms;
  }
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 1e8) return undefined;
  if (number < 1e11) return Math.round(number * 1000);
  if (number < 1e14) return Math.round(number);
  return Math.round(number < 1e17 ? number / 1e3 : number / 1e6);
}

function show(value: unknown): string {
  if (typeof value !== 'string') return plain(JSON.stringify(value));
  const text = plain(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

/** What comes out of JSON may hold escape sequences that were none in the line. */
function plain(value: unknown): string {
  return stripAnsi(String(value).replaceAll('\n', '⏎'));
}
