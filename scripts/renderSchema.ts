import * as z from 'zod/mini';
import { defaultsSchema, processEntrySchema } from '../src/config/processSchema.ts';
import { restartSchema, stopSchema } from '../src/config/policySchemas.ts';
import { healthSchema, readySchema } from '../src/config/probeSchemas.ts';
import { findSchema } from '../src/config/externalSchema.ts';
import { limitsSchema, loggingSchema } from '../src/config/limitSchemas.ts';
import { nodeRunnerSchema, pythonRunnerSchema, runnerSchema } from '../src/config/runnerSchemas.ts';
import { scheduleMapSchema, watchMapSchema } from '../src/config/triggerSchemas.ts';
import { fileSchema } from '../src/config/schema.ts';
import { type FieldDocs, fieldDocs } from '../src/config/schemaParts.ts';

type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** The JSON Schema of the file, as text. Draft 7, which the YAML extensions of editors know. */
export function renderSchema(): string {
  const schema = z.toJSONSchema(fileSchema, {
    target: 'draft-7',
    io: 'input',
    metadata: fieldDocs,
    override({ jsonSchema }) {
      const { defaultText, description } = jsonSchema as FieldDocs;
      // What only the reference is interested in; unknown keywords disturb some validators.
      Reflect.deleteProperty(jsonSchema, 'typeText');
      Reflect.deleteProperty(jsonSchema, 'defaultText');
      if (defaultText !== undefined && description !== undefined) {
        jsonSchema.description = `${description} Default: ${defaultText}.`;
      }
    },
  });
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

const BEGIN = '<!-- reference: written by scripts/generateSchema.ts from src/config/schema.ts -->';
const END = '<!-- end of reference -->';

/** The text of `docs/configuration.md` with its reference brought up to date. */
export function renderDocs(present: string): string {
  const begin = present.indexOf(BEGIN);
  const end = present.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`docs/configuration.md has lost: ${BEGIN}`);
  return `${present.slice(0, begin)}${BEGIN}\n\n${renderReference()}\n${present.slice(end)}`;
}

function renderReference(): string {
  const shared = Object.keys(defaultsSchema.shape).map((key) => `\`${key}\``);
  return [
    '### The file\n',
    renderTable(fileSchema.shape),
    '\n### `defaults`\n',
    `Takes ${shared.slice(0, -1).join(', ')} and ${shared.at(-1) ?? ''}, as in a process. \`restart\`, \`stop\`, \`limits\` and \`logging\` are taken over key by key.`,
    '\n### A process\n',
    renderTable(processEntrySchema.shape),
    '\n### `ready`\n',
    renderTable(readySchema.shape),
    '\n### `health_check`\n',
    'One probe and its options as in `ready`, and:\n',
    renderTable(without(healthSchema.shape, readySchema.shape)),
    '\n### `find`\n',
    renderTable(findSchema.shape),
    '\n### `restart`\n',
    renderTable(restartSchema.shape),
    '\n### `stop`\n',
    renderTable(stopSchema.shape),
    '\n### `schedule`\n',
    renderTable(scheduleMapSchema.shape),
    '\n### `watch`\n',
    renderTable(watchMapSchema.shape),
    '\n### `limits`\n',
    renderTable(limitsSchema.shape),
    '\n### `logging`\n',
    renderTable(loggingSchema.shape),
    '\n### `runner`\n',
    renderTable(runnerSchema.shape),
    '\n`node` takes:\n',
    renderTable(nodeRunnerSchema.shape),
    '\n`python` takes exactly one of `script`, `module` and `function`, and:\n',
    renderTable(pythonRunnerSchema.shape),
    '',
  ].join('\n');
}

function without(shape: Shape, other: Shape): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([key]) => !Object.hasOwn(other, key)));
}

function renderTable(shape: Shape): string {
  const rows = Object.entries(shape).map(([key, schema]) => {
    const docs = fieldDocs.get(schema) ?? {};
    const isRequired = !(schema as z.core.$ZodTypes)._zod.optin;
    const cells = [`\`${key}\``, docs.typeText ?? '', defaultOf(docs, isRequired), describe(docs)];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| Field | Type | Default | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function defaultOf(docs: FieldDocs, isRequired: boolean): string {
  if (isRequired) return 'required';
  if (docs.default !== undefined) return code(docs.default);
  return docs.defaultText ?? 'none';
}

function describe(docs: FieldDocs): string {
  const description = docs.description ?? '';
  if (docs.examples === undefined) return description;
  return `${description} For example ${docs.examples.map(code).join(' or ')}.`;
}

/** A value as one would write it in the file, on one line. */
function code(value: unknown): string {
  return `\`${flow(value)}\``;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, part]) => `${key}: ${flow(part)}`);
    return `{ ${entries.join(', ')} }`;
  }
  const text = String(value);
  return typeof value === 'string' && /[{}[\]"]/.test(text) ? `'${text}'` : text;
}
