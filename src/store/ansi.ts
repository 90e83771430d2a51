/**
 * Everything in a line that is not text. Each alternative is deterministic (no two neighbouring
 * repetitions share a character, and the body of a string ends at the next escape), so matching is
 * linear in the line's length whatever a program prints; Node's `stripVTControlCharacters` is
 * quadratic on a row of unfinished OSC introducers. Grammar: ECMA-48 sections 5.3 and 5.6.
 */
const controls = new RegExp(
  [
    // CSI … final byte: colours, cursor movement. Cut short by anything that does not belong.
    '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]?',
    // OSC, DCS, PM, APC, SOS … up to BEL or ST: titles, links. One that never ends loses only its
    // introducer, so that it does not eat the text behind it.
    '(?:\\u001b[\\]P^_X]|[\\u0090\\u0098\\u009d-\\u009f])' +
      '(?:[^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c))?',
    // Other escapes: character sets, keypad, save and restore.
    '\\u001b[ -/]*[0-~]?',
    // Other control characters, except the tab.
    '[\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f]',
  ].join('|'),
  'g',
);

/** Strips escape sequences and control characters, except tabs, from one line. Linear time. */
export function stripAnsi(line: string): string {
  return line.replace(controls, '');
}

/**
 * Strips what moves the cursor, names windows or controls the terminal in any other way from one
 * line, and leaves its colours. Linear time.
 */
export function keepColours(line: string): string {
  return line.replace(controls, (control) => (isColour.test(control) ? control : ''));
}

// eslint-disable-next-line no-control-regex -- that is what it is about
const isColour = /^\u001b\[[\d;:]*m$/;
