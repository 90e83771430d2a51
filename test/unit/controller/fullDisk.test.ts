import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Environment } from '../../../src/controller/environment.ts';
import { openStateFolder } from '../../../src/store/stateFolder.ts';
import { skip } from '../../support/skip.ts';
import { environmentModel, processModel } from '../../support/testEnvironment.ts';

/** Writes to a file until there is no room for a single byte more. */
function fill(file: string): void {
  const fd = openSync(file, 'w');
  try {
    for (let size = 64 * 1024; size >= 1;) {
      try {
        writeSync(fd, Buffer.alloc(size));
      } catch {
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(fd);
  }
}

describe('a full disk', () => {
  let disk: string;
  beforeEach(function () {
    disk = mkdtempSync(join(tmpdir(), 'dev-env-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      rmdirSync(disk);
      skip(this, 'a small disk cannot be mounted here');
    }
  });
  afterEach(() => {
    // Lazily: what was ended a moment ago may still hold its log.
    execFileSync('umount', ['--lazy', disk], { stdio: 'ignore' });
    rmdirSync(disk);
  });

  it('is reported; the environment runs on, and writes again when there is room', async () => {
    const stateFolder = await openStateFolder(disk, disk);
    const problems: string[] = [];
    // Little, so that it never fills the disk itself, however long this takes.
    const script = 'console.log("up"); setInterval(() => console.log("x"), 20)';
    const environment = new Environment({
      model: environmentModel(disk, [processModel('api', [process.execPath, '-e', script])]),
      stateFolder,
      hostEnv: process.env,
      onWriteError: (message) => problems.push(message),
    });
    try {
      await environment.start(['api']);
      fill(join(disk, 'filler'));
      for (let i = 0; i < 3; i += 1) {
        const { succeeded } = await environment.restart(['api']);
        assert.deepEqual(succeeded, ['api']);
      }
      assert.equal(environment.process('api')?.run, 4);
      assert.equal(environment.process('api')?.state, 'running');
      await environment.flush();
      // Again only when something fitted in between, into the room that an older run had left.
      const told = problems.length;
      assert.ok(told > 0);

      rmSync(join(disk, 'filler'));
      await environment.restart(['api']);
      await environment.flush();
      const record = await readFile(stateFolder.recordPath('api'), 'utf8');
      assert.match(record, /"run":5/);
      assert.equal(problems.length, told, problems.join('\n'));
    } finally {
      await environment.stop(undefined, { force: true });
      environment.dispose();
      await environment.flush();
    }
  });
});
