import { InvalidArgumentError } from 'commander';

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `10m`, `90s`, or a date and time; in ms since the epoch. @throws InvalidArgumentError */
export function parseSince(text: string, nowMs = Date.now()): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (number !== undefined && unit !== undefined) {
    return nowMs - Number(number) * (unitsMs[unit] ?? 1);
  }
  const atMs = Date.parse(text);
  if (!Number.isNaN(atMs)) return atMs;
  throw new InvalidArgumentError('It is a length of time like 10m, or a date and time.');
}
