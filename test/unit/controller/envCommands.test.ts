import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Masker } from '../../../src/base/masker.ts';
import { EnvCommands, sharedForMs } from '../../../src/controller/envCommands.ts';
import { childEnvironment } from '../../../src/process/childEnvironment.ts';
import { findMarked } from '../../../src/process/linuxMarkers.ts';
import { HandClock } from '../../support/handClock.ts';
import { until } from '../../support/until.ts';

describe('env_command', () => {
  let workdir: string;
  let clock: HandClock;
  let commands: EnvCommands;
  let masker: Masker;
  beforeEach(() => {
    workdir = mkdtempSync(join(tmpdir(), 'dev-env-command-'));
    clock = new HandClock();
    commands = new EnvCommands(clock);
    masker = new Masker();
  });
  afterEach(() => rmSync(workdir, { recursive: true, force: true }));

  function values(
    command: string | readonly string[],
    {
      timeoutMs = 60_000,
      signal = new AbortController().signal,
      runId = 'none',
      env = {},
    }: {
      timeoutMs?: number;
      signal?: AbortSignal;
      runId?: string;
      env?: Record<string, string>;
    } = {},
  ): Promise<Record<string, string>> {
    const asked = Array.isArray(command) ? command : [command as string];
    return commands.values(
      asked.map((each: string) => ({ command: each, timeoutMs })),
      {
        workdir,
        env: childEnvironment(process.env, env),
        marks: { DEV_ENV_RUN_ID: runId },
        signal,
        mask: (text) => masker.mask(text),
      },
    );
  }

  const failure = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => assert.fail('did not fail'),
      (error: unknown) => (error as Error).message,
    );
  const count = (): number => readFileSync(join(workdir, 'count'), { flag: 'a+' }).length;
  const nothingLeft = (runId: string): Promise<true> =>
    until('the end of all', async () => !(await findMarked()).has(runId));

  it('reads lines as an env file has them', async () => {
    const text = '# made up\nA=1\nexport B="two words"\n\nC=\'$x\'\n';
    assert.deepEqual(await values(`printf '%s' '${text.replaceAll("'", `'\\''`)}'`), {
      A: '1',
      B: 'two words',
      C: '$x',
    });
  });

  it('runs in the directory of the process, with its environment; later ones win', async () => {
    const given = await values(['echo A=1; echo B=1', 'echo "B=$WORD"; echo "D=$(pwd -P)"'], {
      env: { WORD: 'there' },
    });
    assert.deepEqual({ ...given, D: '' }, { A: '1', B: 'there', D: '' });
    assert.equal(given['D']?.endsWith(workdir.split('/').at(-1) ?? '?'), true);
  });

  it('says how it failed and what it complained of last, without secrets and output', async () => {
    masker.add(['hunter22']);
    const message = await failure(
      values('echo A=from-stdout; echo first >&2; echo "no vault for hunter22" >&2; exit 3'),
    );
    assert.equal(message, 'env_command: exit code 3: no vault for •••');
    assert.equal(await failure(values('exit 4')), 'env_command: exit code 4');
    assert.match(await failure(values('kill -9 $$')), /^env_command: ended by SIGKILL$/);
  });

  it('says that a program is missing', async () => {
    const asked = commands.values([{ command: ['no-such-program'], timeoutMs: 1000 }], {
      workdir,
      env: childEnvironment(process.env, {}),
      marks: {},
      signal: new AbortController().signal,
      mask: String,
    });
    assert.match(await failure(asked), /no-such-program was not found/);
  });

  it('is ended with its group when the time is up', async () => {
    const runId = randomUUID();
    const message = await failure(values('sleep 60 & sleep 61', { timeoutMs: 50, runId }));
    assert.equal(message, 'env_command: no end after 50 ms, killed');
    await nothingLeft(runId);
  });

  it('is ended when it prints without end', async () => {
    const runId = randomUUID();
    const message = await failure(values('yes', { runId }));
    assert.equal(message, 'env_command: more than 1 MB of output, killed');
    await nothingLeft(runId);
  });

  it('leaves nothing of its group behind, and does not wait for it', async () => {
    const runId = randomUUID();
    assert.deepEqual(await values('sleep 60 & echo A=1', { runId }), { A: '1' });
    await nothingLeft(runId);
  });

  it('runs once for all that start together, and anew later', async () => {
    const asked = 'echo >> count; echo A=1';
    await Promise.all([values(asked, { runId: 'a' }), values(asked, { runId: 'b' })]);
    await values(asked, { runId: 'c' });
    assert.equal(count(), 1);
    await values(asked, { env: { OTHER: '1' } });
    assert.equal(count(), 2);
    await clock.advance(sharedForMs);
    await values(asked);
    assert.equal(count(), 3);
  });

  it('is tried again after a failure', async () => {
    const asked = 'echo >> count; exit 1';
    await failure(values(asked));
    await failure(values(asked));
    assert.equal(count(), 2);
  });

  it('is ended when nobody waits for it any more, and not before', async () => {
    const runId = randomUUID();
    const first = new AbortController();
    const second = new AbortController();
    const asked = 'echo >> count; sleep 60';
    const both = [first, second].map(({ signal }) => failure(values(asked, { signal, runId })));
    await until('its start', () => count() === 1);
    first.abort();
    assert.equal(await both[0], 'cancelled');
    // One that is just becoming another program shows no mark.
    await until('the other still waited for', async () => (await findMarked()).has(runId));
    second.abort();
    assert.equal(await both[1], 'cancelled');
    await nothingLeft(runId);
  });
});
