import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { copyLog } from '../../../src/store/logCopy.ts';
import { writeLogHead } from '../../../src/store/logHead.ts';
import { deleteOldLogs, findOldLogs } from '../../../src/store/oldLogs.ts';
import { temporaryFolder } from './temporaryFolder.ts';

describe('old logs', () => {
  it('are those of all runs but the living ones', async () => {
    const logs = temporaryFolder();
    for (const process of ['api', 'web']) {
      mkdirSync(path.join(logs, process));
      for (const name of ['1.log', '1.exit', '2.log', '2.stdout', 'notes.txt']) {
        writeFileSync(path.join(logs, process, name), '12345\n');
      }
    }
    const living = path.join(logs, 'api', '2.log');
    const found = await findOldLogs(logs, new Set([living]));
    assert.equal(found.runs, 3);
    assert.equal(found.bytes, 6 * 6);
    assert.equal(await deleteOldLogs(found), 0);
    for (const name of ['api/2.log', 'api/2.stdout', 'api/notes.txt', 'web/notes.txt']) {
      assert.ok(existsSync(path.join(logs, name)), name);
    }
    for (const name of ['api/1.log', 'api/1.exit', 'web/1.log', 'web/2.log', 'web/2.stdout']) {
      assert.ok(!existsSync(path.join(logs, name)), name);
    }
  });

  it('are none where there is no folder', async () => {
    const found = await findOldLogs(path.join(temporaryFolder(), 'missing'), new Set());
    assert.deepEqual(found, { runs: 0, bytes: 0, files: [] });
  });
});

describe('a copy of a log', () => {
  it('begins where what is kept begins, and hides secrets', async () => {
    const file = path.join(temporaryFolder(), '1.log');
    writeFileSync(file, `${'\0'.repeat(4096)}one hunter2\ntwo`);
    await writeLogHead(file, 4096);
    const copy = await copyLog(file, (line) => line.replace('hunter2', '•••'));
    assert.equal(readFileSync(copy, 'utf8'), 'one •••\ntwo\n');
    if (process.platform !== 'win32') assert.equal(statSync(copy).mode & 0o777, 0o600);
  });
});
