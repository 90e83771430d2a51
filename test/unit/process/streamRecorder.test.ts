import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { readExitFile } from '../../../src/process/exitFile.ts';
import { stopTree, sweepTree } from '../../../src/process/stopTree.ts';
import { streamRecorder } from '../../../src/process/streamRecorder.ts';
import { endPrograms, program, type ProgramRun, runProgram } from '../../support/programRun.ts';
import { skip } from '../../support/skip.ts';

const sortedBytes = (text: string): Buffer => Buffer.from(Buffer.from(text).sort());
const graceMs = 30_000;
/** As a run is ended whose leader has ended by itself. */
const sweep = async ({ target, exited }: ProgramRun): Promise<void> => {
  await exited;
  const { survivors } = await sweepTree(target, { clock: systemClock, graceMs });
  assert.deepEqual(survivors, []);
};
const readStream = ({ folder }: ProgramRun, name: 'stdout' | 'stderr'): string =>
  readFileSync(path.join(folder, name), 'utf8');

describe('the stream recorder', () => {
  before(function () {
    if (process.platform === 'win32') skip(this, 'is a POSIX shell program');
  });
  afterEach(endPrograms);

  it('keeps the streams apart, and both in the log, each in order', async () => {
    const run = await runProgram(
      'i=0; while [ $i -lt 5000 ]; do echo "out $i"; echo "err $i" >&2; i=$((i+1)); done; exit 7',
      { hasStreams: true },
    );
    await sweep(run);
    assert.equal(readExitFile(run.exitFile)?.code, 7);
    const numbered = (word: string): string[] =>
      Array.from({ length: 5000 }, (_, index) => `${word} ${index}`);
    const lines = (text: string): string[] => text.trimEnd().split('\n');
    assert.deepEqual(lines(readStream(run, 'stdout')), numbered('out'));
    assert.deepEqual(lines(readStream(run, 'stderr')), numbered('err'));
    // A reader that has fallen behind can cut a line of the other one in two, and loses nothing.
    const ofBoth = readStream(run, 'stdout') + readStream(run, 'stderr');
    assert.deepEqual(sortedBytes(run.log()), sortedBytes(ofBoth));
    // The pipes have left no names.
    assert.deepEqual(readdirSync(run.folder).sort(), ['exit', 'log', 'stderr', 'stdout']);
  });

  it('loses nothing of a program that ends at once', async () => {
    const runs = await Promise.all(
      Array.from({ length: 10 }, () => runProgram('echo out; echo err >&2', { hasStreams: true })),
    );
    for (const run of runs) {
      await sweep(run);
      assert.deepEqual([readStream(run, 'stdout'), readStream(run, 'stderr')], ['out\n', 'err\n']);
    }
  });

  it('does not wait for a grandchild that holds its output, which is ended with the run', async () => {
    const run = await runProgram('sleep 600 & echo done', { hasStreams: true });
    assert.equal((await run.exited).code, 0);
    await sweep(run);
    assert.equal(readStream(run, 'stdout'), 'done\n');
  });

  it('keeps the last words of a program that is stopped', async () => {
    const run = await runProgram([process.execPath, program('exitOnTerm.mjs'), '3'], {
      hasStreams: true,
    });
    await run.line(/ready/);
    const result = await stopTree(run.target, { signal: 'SIGTERM', graceMs, clock: systemClock });
    assert.deepEqual(result, { survivors: [], killed: false });
    assert.equal((await run.exited).code, 3);
    assert.equal(readStream(run, 'stdout'), run.log());
  });

  it('leaves nobody waiting when it is stopped at once', async () => {
    const run = await runProgram('sleep 600', { hasStreams: true });
    const result = await stopTree(run.target, {
      signal: 'SIGTERM',
      graceMs,
      clock: systemClock,
      ageMs: 0,
    });
    assert.deepEqual(result, { survivors: [], killed: false });
  });

  it('does without where there can be no pipes', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'dev-env-streams-'));
    try {
      const missing = path.join(folder, 'missing');
      const { status, stdout } = spawnSync(
        '/bin/sh',
        [
          ...['-c', streamRecorder, 'dev-env', path.join(folder, 'exit')],
          ...[path.join(missing, 'stdout'), path.join(missing, 'stderr')],
          ...['/bin/sh', '-c', 'echo out; echo err >&2; exit 4'],
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      );
      assert.equal(status, 4);
      // stderr of the shell is the log, for both streams.
      assert.equal(stdout, '');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  for (const [shell, ...options] of [['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['ksh']] as [
    string,
    ...string[],
  ][]) {
    it(`does its work in ${shell}`, function () {
      if (spawnSync(shell, [...options, '-c', 'exit 0']).status !== 0) {
        skip(this, `${shell} is not installed here`);
      }
      const folder = mkdtempSync(path.join(tmpdir(), 'dev-env-streams-'));
      try {
        const at = (name: string): string => path.join(folder, name);
        const { status, stderr } = spawnSync(
          shell,
          [
            ...[...options, '-c', streamRecorder, 'dev-env', at('it\'s "the" exit')],
            ...[at('out file'), at('err file')],
            ...['/bin/sh', '-c', 'echo out; echo err >&2; kill -TERM $$'],
          ],
          // Read to the end, which is that of the readers.
          { encoding: 'utf8' },
        );
        assert.equal(status, 128 + 15);
        assert.deepEqual(stderr.trimEnd().split('\n').sort(), ['err', 'out']);
        assert.equal(readFileSync(at('out file'), 'utf8'), 'out\n');
        assert.equal(readFileSync(at('err file'), 'utf8'), 'err\n');
        assert.equal(readExitFile(at('it\'s "the" exit'))?.signal, 'SIGTERM');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});
