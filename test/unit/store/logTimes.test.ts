import assert from 'node:assert/strict';
import { appendFile, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LogTimes, logTimesPath, offsetSince } from '../../../src/store/logTimes.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/** A time that is no round number of anything. */
const startMs = 1_700_000_000_123;

async function markedLog(): Promise<string> {
  const path = join(temporaryFolder(), '7.log');
  const times = new LogTimes(path);
  for (let minute = 0; minute < 5; minute++) {
    await appendFile(path, `minute ${minute}\n`);
    times.note((await stat(path)).size, startMs + minute * 60_000);
  }
  return path;
}

async function textSince(path: string, sinceMs: number): Promise<string> {
  return (await readFile(path, 'utf8')).slice(await offsetSince(path, sinceMs));
}

describe('offsetSince', () => {
  it('leaves out what was there at that time, and nothing else', async () => {
    const path = await markedLog();
    assert.equal(await textSince(path, startMs + 120_000), 'minute 3\nminute 4\n');
    assert.equal(await textSince(path, startMs + 179_999), 'minute 3\nminute 4\n');
    assert.match(await textSince(path, startMs - 1), /^minute 0\n/);
  });

  it('gives nothing of a log that was written last before', async () => {
    const path = await markedLog();
    await utimes(path, startMs / 1000, startMs / 1000);
    assert.equal(await textSince(path, startMs + 10_000), '');
  });

  it('gives all of a log without marks, and of one that was cut since', async () => {
    const path = await markedLog();
    await writeFile(path, 'new\n');
    assert.equal(await textSince(path, startMs + 200_000), 'new\n');
    assert.equal(await offsetSince(`${path}.other`, startMs), 0);
  });

  it('begins with a whole line', async () => {
    const path = join(temporaryFolder(), '7.log');
    await writeFile(path, 'one\ntwo');
    new LogTimes(path).note(7, startMs);
    await appendFile(path, ' and a half\nthree\n');
    assert.equal(await textSince(path, startMs), 'two and a half\nthree\n');
  });

  it('makes no marks closer than ten seconds, and none when nothing was written', async () => {
    const path = join(temporaryFolder(), '7.log');
    const times = new LogTimes(path);
    for (const [bytes, seconds] of [
      [0, 0],
      [5, 1],
      [6, 2],
      [7, 12],
      [7, 40],
      [8, -100],
    ] as const) {
      // prettier-ignore
      times.note(bytes, startMs + seconds * 1000);
    }
    const marks = (await readFile(logTimesPath(path), 'utf8')).trimEnd().split('\n');
    assert.deepEqual(
      marks.map((mark) => Number(mark.split(' ')[1])),
      [5, 7, 8],
    );
  });
});
