/** `0 %`, `1.2 %`, `84 %`: of one core, two digits, and no more than a tenth of a percent. */
export function cpuText(percent: number): string {
  const rounded = percent < 10 ? Math.round(percent * 10) / 10 : Math.round(percent);
  return `${rounded} %`;
}

const units = ['KB', 'MB', 'GB', 'TB'];

/** `640 KB`, `8.4 MB`, `84 MB`, `1.3 GB`, by 1024. */
export function memoryText(bytes: number): string {
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const rounded = value < 10 && unit > 0 ? Math.round(value * 10) / 10 : Math.round(value);
  return `${rounded} ${units[unit] ?? ''}`;
}
