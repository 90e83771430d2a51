import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from '../../../src/base/command.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { toDisposable } from '../../../src/base/disposable.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import { createCommandProbe } from '../../../src/health/commandProbe.ts';
import { createLogProbe } from '../../../src/health/logProbe.ts';
import { createProbe } from '../../../src/health/createProbe.ts';
import type { Probe } from '../../../src/health/probe.ts';
import { waitUntilReady } from '../../../src/health/waitUntilReady.ts';
import { childEnvironment } from '../../../src/process/childEnvironment.ts';
import { findMarked } from '../../../src/process/linuxMarkers.ts';
import { until } from '../../support/until.ts';

const never = new AbortController().signal;

describe('the command probe', () => {
  let folder: string;
  let runId: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dev-env-probe-'));
    runId = randomUUID();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function probeOf(command: Command, timeoutMs = 20_000): Probe {
    const env = childEnvironment(process.env, { DEV_ENV_RUN_ID: runId, WORD: 'there' });
    return createCommandProbe(
      { kind: 'command', command, timeoutMs },
      { workdir: folder, env: () => Promise.resolve(env) },
    );
  }

  const nothingLeft = (): Promise<true> =>
    until('the end of all', async () => !(await findMarked()).has(runId));

  it('is well when the command ends with 0', async () => {
    assert.deepEqual(await probeOf('true').check(never), { ok: true, seen: 'exit code 0' });
  });

  it('says how it ended otherwise', async () => {
    assert.deepEqual(await probeOf('exit 3').check(never), { ok: false, seen: 'exit code 3' });
    assert.deepEqual(await probeOf('kill -9 $$').check(never), {
      ok: false,
      seen: 'ended by SIGKILL',
    });
  });

  it('has the directory and environment of the process', async () => {
    await probeOf('echo "$WORD" > word').check(never);
    assert.equal(readFileSync(path.join(folder, 'word'), 'utf8'), 'there\n');
  });

  it('says that a command is missing', async () => {
    const result = await probeOf(['no-such-program']).check(never);
    assert.equal(result.ok, false);
    assert.match(result.seen, /no-such-program was not found/);
  });

  it('kills the whole group when the time is up', async () => {
    const result = await probeOf('sleep 60 & sleep 61', 50).check(never);
    assert.equal(result.ok, false);
    assert.match(result.seen, /^no end after \d+ ms, killed$/);
    await nothingLeft();
  });

  it('leaves nothing behind in the group when the command has ended', async () => {
    assert.equal((await probeOf('sleep 60 & exit 0').check(never)).ok, true);
    await nothingLeft();
  });

  it('is killed when the wait is aborted', async () => {
    const controller = new AbortController();
    const waiting = waitUntilReady(probeOf('touch begun; sleep 60'), {
      clock: systemClock,
      signal: controller.signal,
    });
    await until('its start', async () => (await findMarked()).has(runId));
    controller.abort();
    assert.equal(await waiting, 'aborted');
    await nothingLeft();
  });

  it('does not let tries pile up', async () => {
    const controller = new AbortController();
    const probe = probeOf('echo >> tries; sleep 60', 60_000);
    const first = probe.check(controller.signal);
    // While the first is being started, and while it runs.
    assert.equal((await probe.check(never)).seen, 'the previous try has not ended');
    const tries = (): string => readFileSync(path.join(folder, 'tries'), { flag: 'a+' }).toString();
    await until('the first try', () => tries() !== '');
    assert.equal((await probe.check(never)).seen, 'the previous try has not ended');
    assert.equal(tries(), '\n');
    controller.abort();
    assert.equal((await first).ok, false);
    await nothingLeft();
  });
});

describe('the log probe', () => {
  function probeOf(pattern: string): { probe: Probe; lines: Emitter<string> } {
    const lines = new Emitter<string>();
    const probe = createLogProbe({ kind: 'log', pattern }, { subscribeToLines: lines.event });
    return { probe, lines };
  }

  it('is well from the first matching line on, and wakes who waits for it', async () => {
    const { probe, lines } = probeOf('listening on (\\d+)');
    const seen: string[] = [];
    const waiting = waitUntilReady(probe, {
      // Time stands still, so that only the line can end the wait.
      clock: { now: () => 0, schedule: () => toDisposable(() => undefined) },
      signal: never,
      onAttempt: (result) => {
        seen.push(result.seen);
        if (result.ok) return;
        lines.fire('starting');
        lines.fire('listening on 80');
      },
    });
    assert.equal(await waiting, 'ready');
    lines.fire('other');
    assert.equal((await probe.check(never)).ok, true);
    assert.deepEqual(seen, [
      'no match for /listening on (\\d+)/ in 0 lines',
      'line "listening on 80"',
    ]);
  });

  it('takes lines that come while it subscribes', async () => {
    const probe = createLogProbe(
      { kind: 'log', pattern: 'up' },
      {
        subscribeToLines: (listener) => {
          listener('up');
          return toDisposable(() => undefined);
        },
      },
    );
    assert.equal((await probe.check(never)).ok, true);
  });

  it('looks through colours', async () => {
    const { probe, lines } = probeOf('^ready in \\d+ ms$');
    lines.fire('\u001b[32mready\u001b[0m in \u001b[1m120\u001b[22m ms');
    assert.equal((await probe.check(never)).ok, true);
  });

  it('matches the beginning of an endless line only', async () => {
    const { probe, lines } = probeOf('needle');
    lines.fire(`${'x'.repeat(10_000)}needle`);
    assert.equal((await probe.check(never)).ok, false);
  });

  it('hears nothing once it is disposed', async () => {
    const { probe, lines } = probeOf('up');
    probe.dispose?.();
    lines.fire('up');
    assert.equal((await probe.check(never)).ok, false);
  });
});

describe('createProbe', () => {
  it('takes a program for ready that is alive, if nothing else is asked', async () => {
    const probe = createProbe(
      { kind: 'alive' },
      {
        workdir: '/',
        env: () => Promise.resolve({}),
        subscribeToLines: () => toDisposable(() => undefined),
      },
    );
    assert.deepEqual(await probe.check(never), { ok: true, seen: 'started' });
  });
});
