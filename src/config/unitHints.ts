import type { Expectation } from './schemaParts.ts';

type Units = readonly (readonly [written: RegExp, right: string])[];

const DURATION_UNITS: Units = [
  [/^$|^s/i, 's'],
  [/^ms|^milli/i, 'ms'],
  [/^m/i, 'm'],
  [/^h/i, 'h'],
];

const SIZE_UNITS: Units = [
  [/^$|^m(b|$|eg)/i, 'MB'],
  [/^mi/i, 'MiB'],
  [/^k(b|$|ilo)/i, 'KB'],
  [/^ki/i, 'KiB'],
  [/^g(b|$|ig)/i, 'GB'],
  [/^gi/i, 'GiB'],
  [/^t(b|$|er)/i, 'TB'],
  [/^ti/i, 'TiB'],
  [/^b/i, 'B'],
];

const UNITS: Partial<Record<Expectation, Units>> = {
  duration: DURATION_UNITS,
  size: SIZE_UNITS,
  percent: [[/^$|^%|^percent$/i, '%']],
};

/** Is what was expected a number with a unit? */
export function isWithUnit(expectation: Expectation): boolean {
  return UNITS[expectation] !== undefined;
}

/** What a number without its right unit probably meant: `10` as `10s`, `5 min`, `512 mb`. */
export function unitHint(
  expectation: Expectation,
  written: string | undefined,
): string | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z%]*)$/i.exec(written ?? '');
  if (match === null) return undefined;
  const [, number = '', unit = ''] = match;
  const right = UNITS[expectation]?.find(([pattern]) => pattern.test(unit))?.[1];
  return right === undefined ? undefined : `${number}${right}`;
}
