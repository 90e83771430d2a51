const UNITS_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A number and a unit. Source text, so that the JSON Schema can carry it too. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

/** Timers of Node take no more than this many milliseconds (2^31 - 1, about 24.8 days). */
const MAX_MS = 2_147_483_647;

/** `500ms`, `10s`, `1.5m`, `1h` in milliseconds; undefined for anything else or beyond 24 days. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION_PATTERN.exec(text);
  if (match === null) return undefined;
  const ms = Math.round(Number(match[1]) * UNITS_MS[match[2] as keyof typeof UNITS_MS]);
  return ms <= MAX_MS ? ms : undefined;
}
