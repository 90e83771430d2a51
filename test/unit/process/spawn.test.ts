import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DevEnvError } from '../../../src/base/errors.ts';
import { readExitFile } from '../../../src/process/exitFile.ts';
import { isSameProcess } from '../../../src/process/identity.ts';
import { endPrograms, program, runProgram } from '../../support/programRun.ts';
import { until } from '../../support/until.ts';
import { onlyOnLinux } from '../../support/skip.ts';

const isCode =
  (code: string, words: RegExp) =>
  (error: unknown): boolean => {
    assert(error instanceof DevEnvError);
    assert.equal(error.code, code);
    assert.match(error.message, words);
    return true;
  };

const folders: string[] = [];

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'dev-env-spawn-'));
  folders.push(folder);
  return folder;
}

describe('spawnProcess', () => {
  afterEach(endPrograms);
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  for (const isRecorded of [true, false]) {
    describe(isRecorded ? 'with the exit recorder' : 'without the exit recorder', () => {
      for (const code of [0, 1, 3, 127, 255]) {
        it(`gives exit code ${code}`, async () => {
          const run = await runProgram(['sh', '-c', `exit ${code}`], { isRecorded });
          const status = await run.exited;
          assert.deepEqual([status.code, status.signal], [code, undefined]);
        });
      }

      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGKILL']) {
        it(`gives ${signal} for a program that ended by it`, async () => {
          // Not a child of the shell: between fork and exec, it would lose the signal.
          const run = await runProgram('echo ready; exec sleep 60', { isRecorded });
          await run.line(/ready/);
          process.kill(-run.pid, signal);
          const status = await run.exited;
          assert.deepEqual([status.code, status.signal], [undefined, signal]);
        });
      }

      it('leads a group, reads nothing and writes both streams to the log in order', async () => {
        const run = await runProgram('cat; echo out; echo err >&2; echo out again', { isRecorded });
        await run.exited;
        assert.equal(run.log(), 'out\nerr\nout again\n');
      });

      it('passes arguments as they are', async () => {
        const args = ['a b', '', "it's", '"$HOME"', '*', '\\n', '-e'];
        const run = await runProgram(
          [
            process.execPath,
            '-e',
            'console.log(JSON.stringify(process.argv.slice(1)))',
            '--',
            ...args,
          ],
          { isRecorded },
        );
        await run.exited;
        assert.deepEqual(JSON.parse(run.log()), args);
      });

      it('ends gracefully with the code of its own choice', async () => {
        const run = await runProgram([process.execPath, program('exitOnTerm.mjs'), '7'], {
          isRecorded,
        });
        await run.line(/ready/);
        process.kill(-run.pid, 'SIGTERM');
        assert.equal((await run.exited).code, 7);
      });
    });
  }

  it('records the exit for those who come later', async () => {
    const before = Date.now();
    const run = await runProgram('exit 42');
    await run.exited;
    const recorded = readExitFile(run.exitFile);
    assert.equal(recorded?.code, 42);
    assert(Math.abs(recorded.atMs - before) < 60_000);
  });

  it('records the signal a program ended by, although the recorder heard it too', async () => {
    const run = await runProgram('echo ready; exec sleep 60');
    await run.line(/ready/);
    process.kill(-run.pid, 'SIGTERM');
    await run.exited;
    assert.equal(readExitFile(run.exitFile)?.signal, 'SIGTERM');
    assert.doesNotMatch(run.log(), /Terminated/);
  });

  it('records nothing when it was killed with the program', async () => {
    const run = await runProgram('echo ready; sleep 60');
    await run.line(/ready/);
    process.kill(-run.pid, 'SIGKILL');
    await run.exited;
    assert.equal(readExitFile(run.exitFile), undefined);
  });

  it('takes a half written record for none', () => {
    const file = path.join(temporaryFolder(), 'exit');
    for (const text of ['', '1', '14\n3', 'x\n', '1000\n']) {
      writeFileSync(file, text);
      assert.equal(readExitFile(file), undefined, JSON.stringify(text));
    }
  });

  it('gives the program the default dispositions of signals', async function () {
    onlyOnLinux(this);
    const run = await runProgram(['cat', '/proc/self/status']);
    await run.exited;
    const ignored = BigInt(`0x${/SigIgn:\s*(\w+)/.exec(run.log())?.[1] ?? '0'}`);
    // Bit n-1 stands for signal n: HUP 1, INT 2, QUIT 3, USR1 10, USR2 12, PIPE 13, TERM 15.
    for (const signal of [1, 2, 3, 10, 12, 13, 15]) {
      assert.equal((ignored >> BigInt(signal - 1)) & 1n, 0n, `signal ${signal}`);
    }
  });

  it('ends with its leader even if a grandchild holds the output', async () => {
    const run = await runProgram('sleep 60 & echo done');
    assert.equal((await run.exited).code, 0);
  });

  it('names a missing command and what to do', async () => {
    await assert.rejects(
      runProgram(['no-such-program', '--now']),
      isCode('command-not-found', /no-such-program was not found in the PATH.*Install/),
    );
    await assert.rejects(
      runProgram(['./missing.sh']),
      isCode('command-not-found', /\.\/missing\.sh does not exist/),
    );
  });

  it('says that a file is not executable', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'run.sh'), '#!/bin/sh\n');
    await assert.rejects(
      runProgram(['./run.sh'], { workdir: folder }),
      isCode('command-not-found', /run\.sh is not executable.*chmod \+x/),
    );
  });

  it("looks for a command in the child's own PATH, relative to its directory", async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'mine'), '#!/bin/sh\necho mine\n');
    chmodSync(path.join(folder, 'mine'), 0o755);
    const run = await runProgram(['mine'], {
      workdir: folder,
      env: { PATH: `.:${process.env['PATH'] ?? ''}` },
    });
    await run.exited;
    assert.equal(run.log(), 'mine\n');
  });

  it('names a missing working directory', async () => {
    await assert.rejects(
      runProgram('true', { workdir: '/no/such/place' }),
      isCode('workdir-missing', /\/no\/such\/place/),
    );
  });

  it('reports what the system refuses', async () => {
    await assert.rejects(
      runProgram(['echo', 'x'.repeat(3_000_000)]),
      isCode('spawn-failed', /too long/),
    );
  });

  it('knows its own processes again, and no others', async () => {
    const run = await runProgram('sleep 60');
    assert.equal(await isSameProcess(run.identity), process.platform === 'linux');
    assert.equal(await isSameProcess({ ...run.identity, startTime: 'another' }), false);
    process.kill(-run.pid, 'SIGKILL');
    await run.exited;
    assert.equal(await isSameProcess(run.identity), false);
  });

  it('takes a zombie for gone', async function () {
    onlyOnLinux(this);
    // perl does not wait for its child, which therefore stays a zombie.
    const run = await runProgram(
      'exec perl -e \'if (!($p = fork)) { exit } print "$p\\n"; $|=1; print ""; sleep 60\'',
    );
    const pid = Number(await run.line(/(\d+)\n/));
    const { readLinuxProcess } = await import('../../../src/process/linuxProcessTable.ts');
    const zombie = await until('a zombie', () => {
      const info = readLinuxProcess(pid);
      return info?.isZombie === true ? info : undefined;
    });
    assert.equal(await isSameProcess(zombie), false);
  });
});
