import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { latestRun, openLogFile, pruneLogs } from '../../../src/store/logFile.ts';
import { temporaryFolder } from './temporaryFolder.ts';

function makeRuns(folder: string, runs: readonly number[]): void {
  for (const run of runs) {
    writeFileSync(path.join(folder, `${run}.log`), '');
    writeFileSync(path.join(folder, `${run}.exit`), '0\n');
  }
}

describe('openLogFile', () => {
  it('makes the folder, and a file that only this user can read', () => {
    const file = path.join(temporaryFolder(), 'logs', 'api', '1.log');
    closeSync(openLogFile(file));
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('takes stdout and stderr of a child in order', () => {
    const file = path.join(temporaryFolder(), '1.log');
    const fd = openLogFile(file);
    const program = 'for (let i = 0; i < 500; i++) require("fs").writeSync(1 + (i % 2), i + "\\n")';
    execFileSync(process.execPath, ['-e', program], { stdio: ['ignore', fd, fd] });
    closeSync(fd);
    const numbers = readFileSync(file, 'utf8').trim().split('\n').map(Number);
    assert.deepEqual(numbers, [...Array(500).keys()]);
  });

  it('writes at the end after the file was truncated', () => {
    const file = path.join(temporaryFolder(), '1.log');
    const fd = openLogFile(file);
    writeSync(fd, 'before\n');
    truncateSync(file);
    writeSync(fd, 'after\n');
    closeSync(fd);
    assert.equal(readFileSync(file, 'utf8'), 'after\n');
  });
});

describe('pruneLogs', () => {
  it('keeps the newest runs, by number and not by name', async () => {
    const folder = temporaryFolder();
    makeRuns(folder, [1, 2, 9, 10, 11, 100]);
    assert.deepEqual(await pruneLogs(folder, { keep: 3 }), [9, 2, 1]);
    for (const run of [10, 11, 100]) assert.ok(existsSync(path.join(folder, `${run}.log`)));
    for (const run of [1, 2, 9]) {
      assert.equal(existsSync(path.join(folder, `${run}.log`)), false);
      assert.equal(existsSync(path.join(folder, `${run}.exit`)), false);
    }
  });

  it('removes old ones, but never the newest', async () => {
    const folder = temporaryFolder();
    makeRuns(folder, [1, 2, 3]);
    for (const run of [1, 3]) {
      for (const ending of ['log', 'exit']) utimesSync(path.join(folder, `${run}.${ending}`), 1, 1);
    }
    assert.deepEqual(await pruneLogs(folder, { maxAgeMs: 60_000 }), [1]);
  });

  it('leaves what is not its own, and does without a folder', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'notes.txt'), '');
    assert.deepEqual(await pruneLogs(folder, { keep: 0 }), []);
    assert.ok(existsSync(path.join(folder, 'notes.txt')));
    assert.deepEqual(await pruneLogs(path.join(folder, 'missing')), []);
  });
});

describe('latestRun', () => {
  it('is the highest number, 0 without runs', () => {
    const folder = temporaryFolder();
    assert.equal(latestRun(folder), 0);
    makeRuns(folder, [9, 10]);
    assert.equal(latestRun(folder), 10);
    assert.equal(latestRun(path.join(folder, 'missing')), 0);
  });
});
