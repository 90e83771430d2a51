const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** A number and a unit. Source text, so that the JSON Schema can carry it too. */
export const SIZE_PATTERN = /^(\d+(?:\.\d+)?)(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;

/** A part of one core; 150% is one and a half cores. */
export const PERCENT_PATTERN = /^(\d+(?:\.\d+)?)%$/;

/** `512MB` (10^6) or `512MiB` (2^20) in bytes; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = SIZE_PATTERN.exec(text);
  if (match === null) return undefined;
  const bytes = Math.round(Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** `150%` as 150; undefined for anything else. */
export function parsePercent(text: string): number | undefined {
  const match = PERCENT_PATTERN.exec(text);
  return match === null ? undefined : Number(match[1]);
}
