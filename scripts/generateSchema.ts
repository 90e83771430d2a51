/**
 * Writes schema/dev-env.schema.json and the reference in docs/configuration.md from the schema of
 * the file. Run it after a change of src/config/*Schema.ts; a unit test compares.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderDocs, renderSchema } from './renderSchema.ts';

const root = join(import.meta.dirname, '..');
const docsPath = join(root, 'docs/configuration.md');
await mkdir(join(root, 'schema'), { recursive: true });
await writeFile(join(root, 'schema/dev-env.schema.json'), renderSchema());
await writeFile(docsPath, renderDocs(await readFile(docsPath, 'utf8')));
