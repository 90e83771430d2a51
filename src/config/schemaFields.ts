import type * as z from 'zod/mini';
import { knownKeys, schemasAt } from './schemaKeys.ts';
import { type FieldDocs, fieldDocs } from './schemaParts.ts';
import type { ValuePath } from './yamlTree.ts';

/** A key that may be written at a place, with what the reference says of it. */
export interface SchemaField {
  readonly key: string;
  readonly docs: FieldDocs | undefined;
}

/** The fields of the map at `path`, in the order of the schema; for completion and hovers. */
export function fieldsAt(path: ValuePath): readonly SchemaField[] {
  const keys = [...new Set(knownKeys(path))];
  return keys.map((key) => ({ key, docs: docsAt([...path, key]) }));
}

/** What the reference says of the value at `path`. */
export function docsAt(path: ValuePath): FieldDocs | undefined {
  return schemasAt(path)
    .map((schema) => fieldDocs.get(schema))
    .find((docs) => docs !== undefined);
}

/** The words that may stand at `path`, where there are only so many: choices and flags. */
export function choicesAt(path: ValuePath): readonly string[] {
  return [...new Set(schemasAt(path).flatMap((schema) => [...choicesOf(schema)]))];
}

function* choicesOf(schema: z.core.$ZodType): Iterable<string> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
      yield* choicesOf(def.innerType);
      return;
    case 'union':
      for (const option of def.options) yield* choicesOf(option);
      return;
    case 'enum':
      yield* Object.values(def.entries).map(String);
      return;
    case 'literal':
      yield* def.values.map(String);
      return;
    case 'boolean':
      yield* ['true', 'false'];
      return;
    default:
  }
}
