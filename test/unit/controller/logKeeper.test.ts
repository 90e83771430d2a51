import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import { plainLogging } from '../../../src/config/plainProcess.ts';
import { LogKeeper } from '../../../src/controller/logKeeper.ts';
import type { RunEvent } from '../../../src/controller/snapshot.ts';
import { dropHead } from '../../../src/store/dropHead.ts';
import { openLogFile } from '../../../src/store/logFile.ts';
import { readLogHead } from '../../../src/store/logHead.ts';
import { logTimesPath, offsetSince } from '../../../src/store/logTimes.ts';
import { LogTail } from '../../../src/store/logTail.ts';
import { skip } from '../../support/skip.ts';
import { until } from '../../support/until.ts';

/** A hundred times faster where it is about waiting. */
const fastClock: Clock = {
  now: () => systemClock.now(),
  schedule: (delayMs, action) => systemClock.schedule(delayMs / 100, action),
};

const logging = { ...plainLogging, maxSizeBytes: 200_000, maxFiles: 2 };

describe('the keeper of the logs', () => {
  let folder: string;
  let file: string;
  const keepers: LogKeeper[] = [];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dev-env-keeper-'));
    file = path.join(folder, '7.log');
  });
  afterEach(() => {
    for (const keeper of keepers.splice(0)) keeper.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  function keeper(): { keeper: LogKeeper; problems: string[]; tell: (event: RunEvent) => void } {
    const runs = new Emitter<RunEvent>();
    const problems: string[] = [];
    const made = new LogKeeper({
      clock: fastClock,
      onDidRun: runs.event,
      logging: () => logging,
      onProblem: (message) => problems.push(message),
    });
    keepers.push(made);
    return { keeper: made, problems, tell: (event) => runs.fire(event) };
  }

  const event = (kind: RunEvent['kind']): RunEvent => ({
    kind,
    name: 'api',
    run: 7,
    logPath: file,
  });

  it('notes when a log had which size', async () => {
    writeFileSync(file, 'before\n');
    const { tell } = keeper();
    tell(event('began'));
    await until('a mark', () => existsSync(logTimesPath(file)));
    const markedMs = Date.now();
    writeFileSync(file, 'after\n', { flag: 'a' });
    assert.equal(await offsetSince(file, markedMs), 'before\n'.length);
  });

  it('keeps a log within its bounds while it is written, as does the next host', async function () {
    const probe = path.join(folder, 'probe');
    writeFileSync(probe, 'x\n'.repeat(50_000));
    if ((await dropHead(probe, 50_000, { isLiving: true })) === 'unable') {
      skip(this, 'no holes can be made in files here');
    }
    writeFileSync(path.join(folder, '3.log'), 'of an older run\n'.repeat(10_000));
    const stop = path.join(folder, 'stop');
    const program = `
      const fs = require('fs');
      let i = 0;
      const write = () => {
        if (fs.existsSync(${JSON.stringify(stop)})) return;
        let text = '';
        for (const end = i + 200; i < end; i++) text += 'line ' + i + '\\n';
        fs.writeSync(1, text);
        setTimeout(write, 1);
      };
      write();`;
    const fd = openLogFile(file);
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', fd, 'inherit'] });
    closeSync(fd);
    const ended = once(child, 'close');
    try {
      const first = keeper();
      first.tell(event('began'));
      const head = await until('a dropped head', () => readLogHead(file) || undefined);
      assert.ok(!existsSync(path.join(folder, '3.log')), 'the older run went first');
      first.keeper.dispose();
      const second = keeper();
      second.tell(event('resumed'));
      await until('one dropped by the next host', () => readLogHead(file) > head);
      writeFileSync(stop, '');
      await ended;
      second.tell(event('ended'));
      await until(
        'what is kept within bounds',
        () => statSync(file).size - readLogHead(file) <= 400_000,
      );
      assert.deepEqual([...first.problems, ...second.problems], []);
    } finally {
      writeFileSync(stop, '');
      await ended;
    }
    const lines: string[] = [];
    const tail = new LogTail({
      path: file,
      maxBacklogBytes: Number.POSITIVE_INFINITY,
      onLines: (more) => lines.push(...more),
    });
    await tail.flush();
    tail.dispose();
    const numbers = lines.map((line) => Number(/^line (\d+)$/.exec(line)?.[1]));
    assert.ok(numbers.length > 1000, `${numbers.length} lines`);
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => numbers[0]! + i),
    );
  });

  it('says once that a log passes its limit where no head can be dropped', async () => {
    const before = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      writeFileSync(file, '');
      truncateSync(file, 1_000_000);
      const { problems, tell } = keeper();
      tell(event('began'));
      await until('the problem', () => problems.length === 1);
      assert.match(problems[0]!, /log of api/);
      tell({ ...event('began'), name: 'web' });
      tell(event('ended'));
      await until('the log of the run that is over shortened', () => statSync(file).size < 500_000);
      assert.equal(problems.length, 1);
    } finally {
      process.env['PATH'] = before;
    }
  });
});
