import { keepColours, stripAnsi } from '../../store/ansi.ts';
import { formatJsonLine, parseJsonLine } from '../../store/jsonLine.ts';
import { lineLevel, type LineLevel } from '../../store/lineLevel.ts';
import type { ProcessRef } from '../environments.ts';
import { formatPreciseTime } from '../words.ts';

/** A line of output as it is shown: secrets hidden, JSON as text. */
export interface ShapedLine {
  /** With its colours; several lines when there is a stack trace in it. */
  readonly text: string;
  readonly plain: string;
  readonly level: LineLevel | undefined;
  /** What the line says itself of when it was written, in ms since the epoch. */
  readonly timeMs: number | undefined;
}

const levelColour: Readonly<Partial<Record<LineLevel, string>>> = {
  error: '\u001b[31m',
  warn: '\u001b[33m',
  debug: '\u001b[2m',
};

/** Makes of the raw lines of a process what is shown of them. */
export function lineShaper({ environment, name }: ProcessRef): (line: string) => ShapedLine {
  return (line) => {
    const { controller } = environment;
    const masked = controller?.mask(line) ?? line;
    return isJson({ environment, name }) ? shapeJson(masked) : shapeText(masked);
  };
}

/** Is each line of the process a JSON object, to be shown as text? */
export function isJson({ environment, name }: ProcessRef): boolean {
  const definition = environment.controller?.model.processes.find((each) => each.name === name);
  return definition?.logging.format === 'json';
}

function shapeText(line: string): ShapedLine {
  const plain = stripAnsi(line);
  return { text: keepColours(line), plain, level: lineLevel(plain), timeMs: timeOf(plain) };
}

function shapeJson(line: string): ShapedLine {
  const parsed = parseJsonLine(stripAnsi(line));
  if (parsed === undefined) return shapeText(line);
  const plain = formatJsonLine(parsed, formatPreciseTime);
  const colour = parsed.level === undefined ? undefined : levelColour[parsed.level];
  const text = colour === undefined ? plain : `${colour}${plain}\u001b[0m`;
  return { text, plain, level: parsed.level, timeMs: parsed.timeMs };
}

const stamp = /^\W{0,2}(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?/;

/** Without a zone it is the zone of this machine, where the program runs too. */
function timeOf(plain: string): number | undefined {
  const match = stamp.exec(plain);
  if (match === null) return undefined;
  const [, date = '', time = '', fraction = '0', zone = ''] = match;
  const ms = Date.parse(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}
