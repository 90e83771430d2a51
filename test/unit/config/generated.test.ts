import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadResult } from '../../../src/config/load.ts';
import { fileSchema } from '../../../src/config/schema.ts';
import { processEntrySchema } from '../../../src/config/processSchema.ts';
import { restartSchema, stopSchema } from '../../../src/config/policySchemas.ts';
import { findSchema } from '../../../src/config/externalSchema.ts';
import { limitsSchema, loggingSchema } from '../../../src/config/limitSchemas.ts';
import { healthSchema, readySchema } from '../../../src/config/probeSchemas.ts';
import {
  nodeRunnerSchema,
  pythonRunnerSchema,
  runnerSchema,
} from '../../../src/config/runnerSchemas.ts';
import { scheduleMapSchema, watchMapSchema } from '../../../src/config/triggerSchemas.ts';
import { fieldDocs } from '../../../src/config/schemaParts.ts';
import { renderDocs, renderSchema } from '../../../scripts/renderSchema.ts';
import { describeAll, load } from './support.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

describe('generated files', () => {
  it('the JSON Schema is that of src/config/schema.ts (node scripts/generateSchema.ts)', async () => {
    assert.equal(await read('schema/dev-env.schema.json'), renderSchema());
  });
  it('the reference is that of src/config/schema.ts (node scripts/generateSchema.ts)', async () => {
    const docs = await read('docs/configuration.md');
    assert.equal(docs, renderDocs(docs));
  });
  it('every field is described', () => {
    const schemas = [
      fileSchema,
      processEntrySchema,
      readySchema,
      healthSchema,
      findSchema,
      restartSchema,
      stopSchema,
      scheduleMapSchema,
      watchMapSchema,
      limitsSchema,
      loggingSchema,
      runnerSchema,
      nodeRunnerSchema,
      pythonRunnerSchema,
    ];
    for (const [key, schema] of schemas.flatMap(({ shape }) => Object.entries(shape))) {
      const docs = fieldDocs.get(schema);
      assert.ok(docs?.description !== undefined && docs.typeText !== undefined, key);
    }
  });
});

const isLocal = (block: string): boolean => block.startsWith('# dev-env.local.yaml');

describe('examples in the documents', () => {
  it('every YAML block of a whole file is without errors', async () => {
    const docs = await read('docs/configuration.md');
    const blocks = [...docs.matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) => block!);
    const files = blocks.filter((block) => block.includes('processes:'));
    const [whole, ...others] = files;
    assert.ok(whole !== undefined && others.some(isLocal));
    for (const text of files) {
      const local = { path: join(root, 'dev-env.local.yaml'), text };
      const { diagnostics }: LoadResult = isLocal(text)
        ? await load(whole, { local })
        : await load(text);
      // The folders and env files of the examples are not there.
      const missing = new Set(['env-file-missing', 'workdir-missing']);
      assert.deepEqual(describeAll(diagnostics.filter(({ code }) => !missing.has(code))), []);
    }
  });
  it('the file of README.md is without errors', async () => {
    const [, block = ''] = /^ {3}```yaml\n(.*?)^ {3}```/ms.exec(await read('README.md')) ?? [];
    const { diagnostics, model } = await load(block.replaceAll(/^ {3}/gm, ''));
    // Its two folders are not there.
    const others = diagnostics.filter(({ code }) => code !== 'workdir-missing');
    assert.deepEqual(describeAll(others), []);
    assert.equal(diagnostics.length, 2);
    assert.deepEqual(
      model?.processes.map(({ name }) => name),
      ['db', 'migrate', 'api', 'web'],
    );
  });
  it('dev-env.example.yaml is without errors, and what is commented out in it too', async () => {
    const text = await read('dev-env.example.yaml');
    assert.deepEqual(describeAll((await load(text, { folder: root })).diagnostics), []);
    const [first, more] = text.split(/^# Some more.*$/m);
    if (more === undefined) return;
    const all = first! + more.replaceAll(/^# ?/gm, '');
    const { diagnostics } = await load(all, { folder: root });
    // Its frontend folder is not there.
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['workdir-missing'],
    );
  });
});
