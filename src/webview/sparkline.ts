/** The latest of these many measurements are drawn beside a name. */
export const sparklineLength = 60;

/**
 * The path of an SVG line through the values, left to right, in a box of this size; the newest is at
 * the right edge, however few there are. Empty for fewer than two. `least` is what the height
 * stands for at least, so that noise around zero does not look like mountains.
 */
export function sparkline(
  values: readonly number[],
  width: number,
  height: number,
  least: number,
): string {
  const shown = values.slice(-sparklineLength);
  if (shown.length < 2) return '';
  const highest = Math.max(least, ...shown);
  const step = width / (sparklineLength - 1);
  const left = width - (shown.length - 1) * step;
  return shown
    .map((value, index) => {
      const x = left + index * step;
      const y = height - (Math.max(0, value) / highest) * height;
      return `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
