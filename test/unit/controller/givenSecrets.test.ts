import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { ProcessModel } from '../../../src/config/model.ts';
import { Environment } from '../../../src/controller/environment.ts';
import { environmentSecrets } from '../../../src/controller/environmentSecrets.ts';
import {
  fillInSecrets,
  givenSecrets,
  hiddenVariable,
} from '../../../src/controller/givenSecrets.ts';
import { ObservedEnvironment } from '../../../src/controller/observedEnvironment.ts';
import { runIdVariable } from '../../../src/process/linuxMarkers.ts';
import { skip } from '../../support/skip.ts';
import { openTestEnvironment, processModel } from '../../support/testEnvironment.ts';

const value = 'correct horse battery';
const stayUp = [process.execPath, '-e', 'setInterval(() => 0, 1000)'] as const;

describe('The secrets that a program was given', () => {
  const name = { secret: 'NAME' };
  const other = { secret: 'OTHER' };
  const cases: [what: string, ProcessModel['secretEnv'], Record<string, string>, string[]][] = [
    ['a whole value', { A: [name] }, { NAME: value }, [value]],
    ['a part of it', { A: ['postgres://u:', name, '@h/db'] }, { NAME: 'x@y' }, ['x@y']],
    ['several', { A: [name, ':', other] }, { NAME: 'a:b', OTHER: 'c' }, ['a:b', 'c']],
    ['two side by side', { A: [name, other] }, { NAME: 'one', OTHER: 'two' }, ['one', 'two']],
    ['several lines', { A: ['<', name, '>'] }, { NAME: 'a\nb' }, ['a\nb']],
    ['signs of many bytes', { A: ['🔑é', name, '.'] }, { NAME: 'ключ🔑' }, ['ключ🔑']],
    ['several variables', { A: [name], B: ['b', other] }, { NAME: '1', OTHER: '2' }, ['1', '2']],
  ];
  for (const [what, secretEnv, values, expected] of cases) {
    it(`are found in its variables: ${what}`, async function () {
      if (process.platform !== 'linux') skip(this, 'nobody may look into an environment here');
      const runId = randomUUID();
      const { variables, marks } = fillInSecrets(secretEnv, new Map(Object.entries(values)));
      const env = { ...variables, ...marks };
      const child = spawn('sleep', ['600'], {
        stdio: 'ignore',
        env: { PATH: process.env['PATH'], ...env, [runIdVariable]: runId },
      });
      try {
        await once(child, 'spawn');
        assert.deepEqual(givenSecrets(child.pid!, runId), expected);
        assert.deepEqual(givenSecrets(child.pid!, randomUUID()), [], 'of another run');
      } finally {
        child.kill('SIGKILL');
      }
    });
  }

  it('are none where the variable that tells is not of ours', async function () {
    if (process.platform !== 'linux') skip(this, 'nobody may look into an environment here');
    for (const nonsense of ['', '{', '[]', '{"A":[[0,"x"]]}', '{"A":3}', '{"B":[[0,9]]}']) {
      const runId = randomUUID();
      const env = { PATH: process.env['PATH'], A: value, [hiddenVariable]: nonsense };
      const child = spawn('sleep', ['600'], {
        stdio: 'ignore',
        env: { ...env, [runIdVariable]: runId },
      });
      try {
        await once(child, 'spawn');
        assert.deepEqual(givenSecrets(child.pid!, runId), [], nonsense);
      } finally {
        child.kill('SIGKILL');
      }
    }
  });

  it('are told of in the environment of the program alone', async function () {
    if (process.platform !== 'linux') skip(this, 'nobody may look into an environment here');
    const count = (variable: string): string =>
      `echo ${variable}=$(env | grep -c '^${hiddenVariable}=')`;
    const task = processModel('task', `${count('ITS')}; echo $BEFORE`, {
      kind: 'task',
      secretEnv: { SECRET: [name] },
      envCommands: [{ command: count('BEFORE'), timeoutMs: 60_000 }],
    });
    const source = environmentSecrets({ DEV_ENV_SECRET_NAME: value });
    await using test = await openTestEnvironment([task], {}, undefined, source);
    await test.environment.start();
    const { result } = test.environment.process('task')!;
    assert.equal(await readFile(result!.stdoutPath!, 'utf8'), 'ITS=1\n0\n');
  });

  it('are hidden by hosts that were not there, and that nobody tells', async function () {
    if (process.platform !== 'linux') skip(this, 'nobody may look into an environment here');
    const secretEnv = { SECRET: ['<', { secret: 'PASSWORD' }, '>'] };
    const one = processModel('one', [...stayUp], { secretEnv });
    const source = environmentSecrets({ DEV_ENV_SECRET_PASSWORD: value });
    await using test = await openTestEnvironment([one], {}, undefined, source);
    const { environment: first, stateFolder } = test;
    await first.start();
    await first.flush();
    // The file no longer has the process, or has errors: who comes now knows no name of a secret.
    const model = { ...first.model, processes: [] };
    const observed = new ObservedEnvironment(model, stateFolder, 'another window');
    await observed.look();
    assert.equal(observed.mask(`my ${value}`), 'my •••');
    observed.dispose();
    first.dispose();
    const second = new Environment({ model, stateFolder, hostEnv: process.env });
    try {
      assert.equal(second.secrets.hasAny, false);
      await second.recover();
      assert.equal(second.process('one')?.state, 'running');
      assert.equal(second.mask(`my ${value}`), 'my •••');
      assert.equal(second.secrets.hasAny, true);
    } finally {
      await second.stop(undefined, { force: true });
      second.dispose();
    }
  });
});
