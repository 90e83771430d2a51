import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { boundLogs } from '../../../src/store/boundLogs.ts';
import { dropHead, keptBytes } from '../../../src/store/dropHead.ts';
import { openLogFile } from '../../../src/store/logFile.ts';
import { readLogHead } from '../../../src/store/logHead.ts';
import { LogTail } from '../../../src/store/logTail.ts';
import { skip } from '../../support/skip.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `line ${String(from + i)}\n`).join('');

/** The lines that a reader who comes now gets to see. */
async function linesOf(file: string): Promise<string[]> {
  const lines: string[] = [];
  const tail = new LogTail({
    path: file,
    maxBacklogBytes: Number.POSITIVE_INFINITY,
    onLines: (more) => lines.push(...more),
  });
  await tail.flush();
  tail.dispose();
  return lines;
}

describe('dropping the head of a log', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = path.join(folder, '1.log');
  });

  async function dropLiving(context: Mocha.Context, bytes: number): Promise<void> {
    const result = await dropHead(file, bytes, { isLiving: true });
    if (result === 'unable') skip(context, 'no holes can be made in files here');
    assert.equal(result, 'hole');
  }

  it('leaves whole lines, at their offsets, and frees the space', async function () {
    writeFileSync(file, numbered(0, 100_000));
    const before = statSync(file);
    await dropLiving(this, 500_000);
    const after = statSync(file);
    assert.equal(after.size, before.size);
    assert.ok(after.blocks * 512 <= after.size - 500_000 + 8192, `${after.blocks} blocks are left`);
    const lines = await linesOf(file);
    const first = Number(lines[0]?.slice('line '.length));
    assert.deepEqual(lines, numbered(first, 100_000).trim().split('\n'));
    const left = Buffer.byteLength(numbered(first, 100_000));
    assert.equal(await keptBytes(file), left);
    assert.ok(left > before.size - 500_000 - 100 && left <= before.size - 500_000);
  });

  it('can be done again and again', async function () {
    writeFileSync(file, numbered(0, 10_000));
    for (let i = 0; i < 5; i += 1) await dropLiving(this, 10_000);
    const lines = await linesOf(file);
    assert.equal(lines.at(-1), 'line 9999');
    assert.equal(lines[0], `line ${String(10_000 - lines.length)}`);
    assert.ok(readLogHead(file) >= 50_000);
  });

  it('under a tail that is behind it says so, and goes on with whole lines', async function () {
    writeFileSync(file, numbered(0, 20_000));
    const lines: string[] = [];
    const gaps: number[] = [];
    const tail = new LogTail({
      path: file,
      maxBacklogBytes: Number.POSITIVE_INFINITY,
      onLines: (more) => lines.push(...more),
      onSkipped: (bytes) => gaps.push(bytes),
    });
    try {
      await tail.flush();
      writeFileSync(file, `begun${numbered(20_000, 60_000)}`, { flag: 'a' });
      await dropLiving(this, Buffer.byteLength(numbered(0, 30_000)));
      await tail.flush();
    } finally {
      tail.dispose();
    }
    assert.equal(lines.at(-1), 'line 59999');
    for (const line of lines) assert.match(line, /^(?:begun)?line \d+$/);
    assert.equal(new Set(lines).size, lines.length);
    assert.ok(gaps.length <= 1);
  });

  it('takes zeros that a program wrote for what they are', async () => {
    writeFileSync(file, `a\0b\n${numbered(0, 3)}`);
    assert.deepEqual(await linesOf(file), ['a\0b', 'line 0', 'line 1', 'line 2']);
  });

  it('of a run that is over works without holes too', async () => {
    writeFileSync(file, numbered(0, 10_000));
    const before = process.env['PATH'];
    // No `fallocate` is found.
    process.env['PATH'] = folder;
    try {
      assert.equal(await dropHead(file, 50_000, { isLiving: true }), 'unable');
      assert.equal((await linesOf(file)).length, 10_000);
      assert.equal(await dropHead(file, 50_000, { isLiving: false }), 'rewritten');
    } finally {
      process.env['PATH'] = before;
    }
    assert.equal(statSync(file).size, await keptBytes(file));
    const lines = await linesOf(file);
    assert.equal(lines.at(-1), 'line 9999');
    assert.ok(lines.length > 4000 && lines.length < 5500, `${lines.length} lines`);
  });
});

describe('the bounds of the logs of a process', () => {
  it('hold for all runs together, and leave the newest', async () => {
    const folder = temporaryFolder();
    const log = (run: number): string => path.join(folder, `${run}.log`);
    for (const run of [1, 2, 3, 4]) writeFileSync(log(run), numbered(0, 10_000));
    writeFileSync(path.join(folder, '1.exit'), '0\n');
    const each = statSync(log(1)).size;
    const bounds = { maxSizeBytes: each, maxFiles: 3 };
    const { roomBytes } = await boundLogs(folder, { bounds, livingRun: undefined });
    assert.ok(!existsSync(log(1)) && !existsSync(log(2)));
    assert.ok(!existsSync(path.join(folder, '1.exit')));
    assert.equal((await linesOf(log(3))).at(-1), 'line 9999');
    assert.equal((await linesOf(log(4))).length, 10_000);
    assert.ok(roomBytes >= each - 100, `room for ${roomBytes} more`);
  });

  it('count what a task wrote to its streams', async () => {
    const folder = temporaryFolder();
    for (const name of ['1.log', '1.stdout', '2.log', '2.stderr']) {
      writeFileSync(path.join(folder, name), numbered(0, 1000));
    }
    const bounds = { maxSizeBytes: 8_000, maxFiles: 3 };
    await boundLogs(folder, { bounds, livingRun: undefined });
    assert.ok(
      !existsSync(path.join(folder, '1.stdout')) && !existsSync(path.join(folder, '1.log')),
    );
    assert.ok(existsSync(path.join(folder, '2.log')));
  });

  it('hold while a program writes at full speed; no line that is kept is lost or repeated', async function () {
    const folder = temporaryFolder();
    const file = path.join(folder, '1.log');
    const bounds = { maxSizeBytes: 1_000_000, maxFiles: 3 };
    const stop = path.join(folder, 'stop');
    const fd = openLogFile(file);
    const program = `
      const fs = require('fs');
      for (let i = 0; !fs.existsSync(${JSON.stringify(stop)});) {
        let text = '';
        for (const end = i + 1000; i < end; i++) text += 'line ' + i + '\\n';
        fs.writeSync(1, text);
      }`;
    // A tail that sees everything there is, whenever it looks.
    let last = -1;
    const faults: string[] = [];
    let gaps = 0;
    let isAfterGap = true;
    const tail = new LogTail({
      path: file,
      maxBacklogBytes: Number.POSITIVE_INFINITY,
      onSkipped: () => {
        gaps += 1;
        isAfterGap = true;
      },
      onLines: (lines) => {
        for (const line of lines) {
          const number = Number(/^line (\d+)$/.exec(line)?.[1]);
          const follows = isAfterGap ? number > last : number === last + 1;
          if (!follows && faults.length < 5) faults.push(`"${line}" after ${last}`);
          isAfterGap = false;
          last = number;
        }
      },
    });
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', fd, 'inherit'] });
    closeSync(fd);
    const ended = once(child, 'close');
    let drops = 0;
    try {
      while (drops < 5) {
        const before = readLogHead(file);
        const { isOverBound } = await boundLogs(folder, { bounds, livingRun: 1 });
        if (isOverBound) skip(this, 'no holes can be made in files here');
        if (readLogHead(file) > before) drops += 1;
      }
    } finally {
      writeFileSync(stop, '');
      await ended;
      await tail.flush();
      tail.dispose();
    }
    await boundLogs(folder, { bounds, livingRun: 1 });
    assert.deepEqual(faults, [], `${gaps} gaps`);
    const count = last + 1;
    assert.equal(count % 1000, 0, 'the last line was seen');
    assert.ok((await keptBytes(file)) <= 3_000_000);
    // A reader who comes after all that.
    const lines = await linesOf(file);
    const first = count - lines.length;
    assert.deepEqual(lines, numbered(first, count).trim().split('\n'));
    assert.ok(!readFileSync(file).subarray(readLogHead(file)).includes(0));
    assert.ok(statSync(file).blocks * 512 <= 3_100_000);
  });
});
