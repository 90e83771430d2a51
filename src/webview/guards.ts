/** Says whether a value that came from outside has a shape. */
export type Guard<T> = (value: unknown) => value is T;
/** What a guard lets pass. */
export type Guarded<G> = G extends Guard<infer T> ? T : never;

export const isText: Guard<string> = (value): value is string => typeof value === 'string';
export const isTruth: Guard<boolean> = (value): value is boolean => typeof value === 'boolean';
/** No NaN, no infinity: it is going to be drawn. */
export const isNumber: Guard<number> = (value): value is number => Number.isFinite(value);

export function listOf<T>(item: Guard<T>): Guard<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(item);
}

export function maybe<T>(item: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || item(value);
}

export function oneOf<const T extends string>(...allowed: readonly T[]): Guard<T> {
  return (value): value is T => (allowed as readonly unknown[]).includes(value);
}

type Shape<Fields> = { readonly [Key in keyof Fields]: Guarded<Fields[Key]> };

/** An object with at least these fields. */
export function shape<const Fields extends Readonly<Record<string, Guard<unknown>>>>(
  fields: Fields,
): Guard<Shape<Fields>> {
  return (value): value is Shape<Fields> => {
    if (typeof value !== 'object' || value === null) return false;
    const record = value as Readonly<Record<string, unknown>>;
    return Object.entries(fields).every(([key, guard]) => guard(record[key]));
  };
}

/** What one of the guards lets pass. */
export function anyOf<const Guards extends readonly Guard<unknown>[]>(
  ...guards: Guards
): Guard<Guarded<Guards[number]>> {
  return (value): value is Guarded<Guards[number]> => guards.some((guard) => guard(value));
}
