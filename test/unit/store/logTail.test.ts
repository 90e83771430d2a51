import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, truncateSync, type watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { openLogFile } from '../../../src/store/logFile.ts';
import { LogTail, type LogTailOptions } from '../../../src/store/logTail.ts';
import { SharedPoll } from '../../../src/store/sharedPoll.ts';
import { temporaryFolder, until } from './temporaryFolder.ts';

const tails: LogTail[] = [];

interface Followed {
  readonly tail: LogTail;
  readonly lines: string[];
  readonly skipped: number[];
}

function follow(file: string, options: Partial<LogTailOptions> = {}): Followed {
  const lines: string[] = [];
  const skipped: number[] = [];
  const tail = new LogTail({
    path: file,
    onLines: (more) => lines.push(...more),
    onSkipped: (bytes) => skipped.push(bytes),
    ...options,
  });
  tails.push(tail);
  return { tail, lines, skipped };
}

/** The system's clock, counting how often one waits on it. */
function countingClock(): Clock & { count: number } {
  const clock = {
    count: 0,
    now: () => systemClock.now(),
    schedule(delayMs: number, action: () => void) {
      clock.count += 1;
      return systemClock.schedule(delayMs, action);
    },
  };
  return clock;
}

const numbered = (from: number, count: number): string[] =>
  [...Array(count).keys()].map((i) => `line ${from + i}`);
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

describe('LogTail', () => {
  let file: string;
  beforeEach(() => {
    file = path.join(temporaryFolder(), '1.log');
  });
  afterEach(() => {
    for (const tail of tails.splice(0)) tail.dispose();
  });

  it('delivers what is there and what comes', async () => {
    writeFileSync(file, 'one\ntwo\n');
    const { lines } = follow(file);
    await until(() => lines.length === 2);
    appendFileSync(file, 'three\nfo');
    await until(() => lines.length === 3);
    appendFileSync(file, 'ur\n');
    await until(() => lines.length === 4);
    assert.deepEqual(lines, ['one', 'two', 'three', 'four']);
  });

  it('waits for a file that is not there yet', async () => {
    const { lines } = follow(file);
    await new Promise((resolve) => setImmediate(resolve));
    writeFileSync(file, 'here\n');
    await until(() => lines.length === 1);
  });

  it('hears of new lines after it went to rest, without looking in between', async () => {
    writeFileSync(file, 'one\n');
    const clock = countingClock();
    const { lines } = follow(file, { clock });
    for (let i = 2; i < 6; i += 1) {
      // At rest: no look is planned any more.
      let before = -1;
      await until(async () => {
        const isAtRest = before === clock.count;
        before = clock.count;
        if (!isAtRest) await new Promise((resolve) => setTimeout(resolve, 200));
        return isAtRest;
      });
      appendFileSync(file, `${i}\n`);
      await until(() => lines.length === i);
    }
  });

  it('flush delivers everything, the line without an end included', async () => {
    writeFileSync(file, text(numbered(0, 1000)));
    const { tail, lines } = follow(file);
    appendFileSync(file, 'last words');
    await tail.flush();
    assert.deepEqual(lines, [...numbered(0, 1000), 'last words']);
    assert.equal(tail.position, 8890 + 'last words'.length);
  });

  it('delivers the last lines of a program that has ended', async () => {
    const fd = openLogFile(file);
    const { tail, lines } = follow(file);
    const program =
      'for (let i = 0; i < 2000; i++) console.log("line " + i); process.stderr.write("fatal")';
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', fd, fd] });
    closeSync(fd);
    await once(child, 'close');
    await tail.flush();
    assert.deepEqual(lines, [...numbered(0, 2000), 'fatal']);
  });

  it('is resumed at its position with no line twice and none lost', async () => {
    const all = numbered(0, 5000);
    const bytes = Buffer.from(text(all));
    const delivered: string[] = [];
    let position = 0;
    // Each tail sees the file end somewhere, mostly in the middle of a line.
    for (let end = 0; end < bytes.length;) {
      const next = Math.min(bytes.length, end + 3331);
      appendFileSync(file, bytes.subarray(end, next));
      end = next;
      const { tail, lines } = follow(file, { offset: position });
      await tail.catchUp();
      position = tail.position;
      tail.dispose();
      delivered.push(...lines);
    }
    assert.deepEqual(delivered, all);
  });

  it('leaps over a backlog to whole lines near the end, and says how much it left out', async () => {
    const all = numbered(0, 100_000);
    writeFileSync(file, text(all));
    const { tail, lines, skipped } = follow(file);
    await tail.flush();
    assert.deepEqual(lines, all.slice(-lines.length));
    assert.equal(skipped.length, 1);
    assert.equal(skipped[0]! + Buffer.byteLength(text(lines)), Buffer.byteLength(text(all)));
    assert.ok(Buffer.byteLength(text(lines)) <= 64 * 1024);
    appendFileSync(file, 'and on\n');
    await tail.flush();
    assert.equal(lines.at(-1), 'and on');
  });

  it('counts the broken-off line in what a leap leaves out', async () => {
    writeFileSync(file, 'begun');
    const { tail, lines, skipped } = follow(file, { maxBacklogBytes: 1000 });
    await tail.catchUp();
    appendFileSync(file, text(numbered(0, 20_000)));
    await tail.flush();
    assert.equal(
      skipped[0]! + Buffer.byteLength(text(lines)),
      5 + Buffer.byteLength(text(numbered(0, 20_000))),
    );
  });

  it('reads everything when told to', async () => {
    const all = numbered(0, 100_000);
    writeFileSync(file, text(all));
    const { tail, lines, skipped } = follow(file, { maxBacklogBytes: Infinity });
    await tail.flush();
    assert.deepEqual(lines, all);
    assert.deepEqual(skipped, []);
  });

  it('takes a line of 10 MB in its stride', async () => {
    writeFileSync(file, `${'x'.repeat(10_000_000)}\nnext\n`);
    const { tail, lines } = follow(file);
    await tail.flush();
    assert.deepEqual(lines, ['next']);
    const whole = follow(file, { maxBacklogBytes: Infinity });
    await whole.tail.flush();
    assert.match(whole.lines[0] ?? '', /^x{8192}… \[9991808 more bytes\]$/);
    assert.deepEqual(whole.lines.slice(1), ['next']);
  });

  it('shows the end of a line that fills the file', async () => {
    writeFileSync(file, 'x'.repeat(1_000_000));
    const { tail, lines, skipped } = follow(file);
    await tail.flush();
    assert.equal(lines.length, 1);
    assert.deepEqual(skipped, [1_000_000 - 64 * 1024]);
  });

  it('begins anew when the file was truncated', async () => {
    writeFileSync(file, text(numbered(0, 100)));
    const { tail, lines } = follow(file);
    await tail.flush();
    truncateSync(file);
    appendFileSync(file, 'fresh\n');
    await until(() => lines.at(-1) === 'fresh');
    assert.equal(lines.length, 101);
    assert.equal(tail.position, 'fresh\n'.length);
  });

  it('looks by itself where the system has no watches left', async () => {
    const noWatch = (() => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    }) as unknown as typeof watch;
    writeFileSync(file, '');
    const { tail, lines } = follow(file, { watch: noWatch });
    await tail.catchUp();
    appendFileSync(file, 'one\n');
    await until(() => lines.length === 1);
    appendFileSync(file, 'two\n');
    await until(() => lines.length === 2);
  });

  it('looks now and then where notifications are promised and do not come', async () => {
    const deafWatch = (() => ({
      on: () => undefined,
      close: () => undefined,
    })) as unknown as typeof watch;
    const safety = new SharedPoll(1000);
    const clock = countingClock();
    writeFileSync(file, '');
    const { lines } = follow(file, { watch: deafWatch, safety, clock });
    let before = -1;
    await until(async () => {
      const isAtRest = before === clock.count;
      before = clock.count;
      if (!isAtRest) await new Promise((resolve) => setTimeout(resolve, 200));
      return isAtRest;
    });
    appendFileSync(file, 'one\n');
    safety.tick();
    await until(() => lines.length === 1);
  });

  it('looks at an even pace during a flood', async () => {
    writeFileSync(file, '');
    const clock = countingClock();
    const { lines } = follow(file, { clock });
    const startMs = Date.now();
    let written = 0;
    while (Date.now() - startMs < 500) {
      for (let i = 0; i < 20; i += 1) appendFileSync(file, `${written++}\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const elapsedMs = Date.now() - startMs;
    assert.ok(clock.count <= elapsedMs / 50 + 2, `${clock.count} looks in ${elapsedMs} ms`);
    await until(() => lines.length === written);
  });

  it('goes on after a listener that threw', async () => {
    writeFileSync(file, 'bad\n');
    const lines: string[] = [];
    const errors: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => errors.push(error));
    try {
      const { tail } = follow(file, {
        onLines: (more) => {
          lines.push(...more);
          if (more.includes('bad')) throw new Error('listener');
        },
      });
      await tail.catchUp();
      appendFileSync(file, 'good\n');
      await until(() => lines.includes('good') && errors.length === 1);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });

  it('delivers nothing once disposed', async () => {
    writeFileSync(file, text(numbered(0, 100_000)));
    const { tail, lines } = follow(file, { maxBacklogBytes: Infinity });
    const flushed = tail.flush();
    tail.dispose();
    await flushed;
    assert.deepEqual(lines, []);
  });

  it('lets the program end while it rests', async () => {
    writeFileSync(file, 'x\n');
    const module = new URL('../../../src/store/logTail.ts', import.meta.url).href;
    const program = `
      const { LogTail } = await import(${JSON.stringify(module)});
      new LogTail({ path: ${JSON.stringify(file)}, onLines: (lines) => console.log(lines[0]) });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.resume();
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 0);
  });
});
