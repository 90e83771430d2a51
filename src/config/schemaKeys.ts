import type * as z from 'zod/mini';
import { fileSchema } from './schema.ts';
import type { ValuePath } from './yamlTree.ts';

type Schema = z.core.$ZodType;

/** The keys that the schema knows for the map at `path`; none if there is no such map. */
export function knownKeys(path: ValuePath): readonly string[] {
  return schemasAt(path).flatMap((schema) => [...keysOf(schema)]);
}

/** Every schema that the value at `path` may follow; none where the file knows no such place. */
export function schemasAt(path: ValuePath): readonly Schema[] {
  let schemas: Schema[] = [fileSchema];
  for (const step of path) schemas = schemas.flatMap((schema) => [...children(schema, step)]);
  return schemas;
}

function* children(schema: Schema, step: string | number): Iterable<Schema> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
      yield* children(def.innerType, step);
      return;
    case 'union':
      for (const option of def.options) yield* children(option, step);
      return;
    case 'array':
      if (typeof step === 'number') yield def.element;
      return;
    case 'record':
      if (typeof step === 'string') yield def.valueType;
      return;
    case 'object': {
      const child = def.shape[step];
      if (child !== undefined) yield child;
      return;
    }
    default:
  }
}

function* keysOf(schema: Schema): Iterable<string> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'optional') yield* keysOf(def.innerType);
  else if (def.type === 'union') for (const option of def.options) yield* keysOf(option);
  else if (def.type === 'object') yield* Object.keys(def.shape);
}
