import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exitRecorder, readExitFile } from '../../../src/process/exitFile.ts';
import { skip } from '../../support/skip.ts';

/** What /bin/sh may be: dash on Debian, bash elsewhere and on macOS, busybox on Alpine. */
const shells: [string, ...string[]][] = [
  ['dash'],
  ['bash', '--posix'],
  ['busybox', 'sh'],
  ['zsh', '--emulate', 'sh'],
  ['ksh'],
];

describe('the exit recorder', () => {
  for (const [shell, ...options] of shells) {
    it(`does its work in ${shell}`, function () {
      if (spawnSync(shell, [...options, '-c', 'exit 0']).status !== 0) {
        skip(this, `${shell} is not installed here`);
      }
      const folder = mkdtempSync(path.join(tmpdir(), 'dev-env-recorder-'));
      try {
        const exitFile = path.join(folder, 'it\'s "the" exit');
        const record = (...command: string[]): string => {
          const args = [...options, '-c', exitRecorder, 'dev-env', exitFile, ...command];
          const { stdout, stderr } = spawnSync(shell, args, { encoding: 'utf8' });
          return stdout + stderr;
        };
        assert.equal(record('/bin/sh', '-c', 'echo out; echo err >&2; exit 9'), 'out\nerr\n');
        assert.equal(readExitFile(exitFile)?.code, 9);
        // By a signal, without a word of the shell about it; the recorder hears it too.
        assert.equal(record('/bin/sh', '-c', 'kill -TERM $PPID; kill -TERM $$'), '');
        assert.equal(readExitFile(exitFile)?.signal, 'SIGTERM');
        record('/bin/echo', 'a  b');
        assert.equal(readExitFile(exitFile)?.code, 0);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});
