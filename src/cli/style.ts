const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

export type Ink = keyof typeof codes;

/** Gives text its colour, or leaves it as it is. */
export type Style = (ink: Ink, text: string) => string;

export const plain: Style = (_ink, text) => text;

export const coloured: Style = (ink, text) => {
  const [on, off] = codes[ink];
  return `\x1b[${String(on)}m${text}\x1b[${String(off)}m`;
};

/**
 * Are there to be colours? https://no-color.org and https://force-color.org; the option comes first.
 */
export function wantsColour(option: boolean, env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (!option) return false;
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '') {
    return env['FORCE_COLOR'] !== '0';
  }
  return isTerminal && env['TERM'] !== 'dumb';
}
