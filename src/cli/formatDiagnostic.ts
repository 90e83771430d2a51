import type { ConfigDiagnostic } from '../config/model.ts';
import type { Style } from './style.ts';

/** Wider lines of the file are cut to the part around the fault. */
const maxLineLength = 160;

/**
 * A diagnostic as compilers show theirs, with what the Problems panel says:
 *
 *     /shop/dev-env.yaml:4:5: error: Unknown key "comand". Did you mean "command"? (unknown-key)
 *        4 |     comand: npm start
 *          |     ^~~~~~
 */
export function formatDiagnostic(
  diagnostic: ConfigDiagnostic,
  { path, text, style }: { path: string; text: string; style: Style },
): string {
  const { severity, message, code, range, suggestion } = diagnostic;
  const ink = severity === 'error' ? 'red' : 'yellow';
  const place = `${path}:${String(range.start.line + 1)}:${String(range.start.column + 1)}`;
  const meant =
    suggestion === undefined || message.includes(suggestion)
      ? ''
      : ` Did you mean "${suggestion}"?`;
  const head = `${style('bold', place)}: ${style(ink, severity)}: ${message}${meant} (${code})`;
  const { shown, column, length } = excerpt(diagnostic, text);
  const number = String(range.start.line + 1).padStart(5);
  const marks = style(ink, `^${'~'.repeat(Math.max(0, length - 1))}`);
  return [
    head,
    `${number} | ${shown}`,
    `${' '.repeat(number.length)} | ${' '.repeat(column)}${marks}`,
  ].join('\n');
}

/** The line of the fault, with every tab and control character as one blank, so that the mark fits. */
function excerpt(
  { range }: ConfigDiagnostic,
  text: string,
): { shown: string; column: number; length: number } {
  const from = range.start.offset - range.start.column;
  const feed = text.indexOf('\n', from);
  const line = text.slice(from, feed === -1 ? text.length : feed).trimEnd();
  const end = range.end.line === range.start.line ? range.end.column : line.length;
  const length = Math.max(1, Math.min(end, line.length) - range.start.column);
  const skipped = Math.max(0, range.start.column - maxLineLength / 2);
  return {
    // eslint-disable-next-line no-control-regex -- they would move the cursor
    shown: line.slice(skipped, skipped + maxLineLength).replaceAll(/[\x00-\x1f\x7f]/g, ' '),
    column: range.start.column - skipped,
    length: Math.min(length, maxLineLength),
  };
}
