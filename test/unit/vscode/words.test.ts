import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { bundlePath, renderBundle } from '../../../scripts/exportWords.ts';

describe('l10n/bundle.l10n.json', () => {
  it('has every word that the code shows (if not: node scripts/exportWords.ts)', async () => {
    assert.equal(await readFile(bundlePath, 'utf8'), await renderBundle());
  });
});
