import * as z from 'zod/mini';
import { type Expectation, expected } from './schemaParts.ts';

/** A whole number in these bounds, both included. */
export function wholeNumber(
  expectation: Expectation,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): z.ZodMiniNumberFormat {
  return z
    .int(expected(expectation))
    .check(z.gte(min, expected(expectation)), z.lte(max, expected(expectation)));
}

/** Any number in these bounds, both included. */
export function numberBetween(expectation: Expectation, min: number, max: number): z.ZodMiniNumber {
  return z
    .number(expected(expectation))
    .check(z.gte(min, expected(expectation)), z.lte(max, expected(expectation)));
}
