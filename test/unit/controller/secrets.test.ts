import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { definitionHash } from '../../../src/config/diff.ts';
import type { ProcessModel } from '../../../src/config/model.ts';
import { environmentSecrets } from '../../../src/controller/environmentSecrets.ts';
import type { ProcessSnapshot } from '../../../src/controller/snapshot.ts';
import type { SecretSource } from '../../../src/controller/secretSource.ts';
import { openTestEnvironment, processModel } from '../../support/testEnvironment.ts';

const value = 'correct horse battery';
const source = environmentSecrets({ DEV_ENV_SECRET_PASS_WORD: value });
const secretEnv = { SECRET: ['<', { secret: 'PASS-WORD' }, '>'] };

function node(name: string, script: string, more: Partial<ProcessModel> = {}): ProcessModel {
  return processModel(name, [process.execPath, '-e', script], { secretEnv, ...more });
}

const stayUp = 'setInterval(() => 0, 1000);';

describe('secrets', () => {
  it('reach the environment of the process', async () => {
    const task = node('task', `process.exit(process.env.SECRET === '<${value}>' ? 0 : 3)`, {
      kind: 'task',
    });
    await using test = await openTestEnvironment([task], {}, undefined, source);
    assert.deepEqual((await test.environment.start()).failed, []);
  });

  it('keep a process from starting that are not given, and say which', async () => {
    await using test = await openTestEnvironment(
      [node('one', stayUp)],
      {},
      undefined,
      environmentSecrets({}),
    );
    const { failed } = await test.environment.start();
    assert.deepEqual(failed, [{ name: 'one', reason: 'The secret PASS-WORD was not given.' }]);
    assert.equal(test.environment.process('one')?.failure, 'spawn-error');
  });

  it('keep a process from starting where nobody can give them', async () => {
    await using test = await openTestEnvironment([node('one', stayUp)]);
    const { failed } = await test.environment.start();
    assert.match(failed[0]?.reason ?? '', /^It needs the secret PASS-WORD, and there is nobody/);
  });

  it('are handed on for the stop commands of what runs, and for nothing else', async () => {
    const others = {
      DEV_ENV_SECRET_PASS_WORD: value,
      DEV_ENV_SECRET_OTHER: 'not for a stop',
    };
    const command = [process.execPath, '-e', ''] as const;
    const stop = { ...processModel('any', command).stop, command };
    await using test = await openTestEnvironment(
      [
        node('told', stayUp, { stop }),
        node('signalled', stayUp, { secretEnv: { SECRET: [{ secret: 'OTHER' }] } }),
      ],
      {},
      undefined,
      environmentSecrets(others),
    );
    assert.deepEqual(test.environment.secretsToStop(), {});
    await test.environment.start();
    assert.deepEqual(test.environment.secretsToStop(), { 'PASS-WORD': value });
    await test.environment.stop(['told'], { force: true });
    assert.deepEqual(test.environment.secretsToStop(), {});
  });

  it('that a person is still asked for do not hold a stop up', async () => {
    const asked: AbortSignal[] = [];
    const slow: SecretSource = {
      get: (_names, signal) => {
        asked.push(signal);
        return new Promise(() => undefined);
      },
      known: () => Promise.resolve(new Map()),
    };
    await using test = await openTestEnvironment([node('one', stayUp)], {}, undefined, slow);
    const starting = test.environment.start();
    await test.until('one', ({ state }) => state === 'starting');
    await test.environment.stop();
    assert.deepEqual((await starting).cancelled, ['one']);
    assert.equal(test.environment.process('one')?.state, 'stopped');
    assert.ok(asked.every(({ aborted }) => aborted));
  });

  it('change the definition by their names, and not by their values', () => {
    const of = (secret: string): string =>
      definitionHash(node('one', stayUp, { secretEnv: { SECRET: [{ secret }] } }));
    assert.notEqual(of('A'), of('B'));
    assert.equal(of('A'), of('A'));
  });

  it('are nowhere in what is shown or kept, except in what the program itself has written', async () => {
    const print = 'console.log("my secret is " + process.env.SECRET);';
    const say = (line: string): string =>
      `require('node:net').connect(process.env.DEV_ENV_SOCKET, function () { this.end(${line} + '\\n') });`;
    await using test = await openTestEnvironment(
      [
        node('printing', print + stayUp, { ready: { kind: 'log', pattern: 'my secret is .+' } }),
        node('crashing', `${print} process.exit(2)`),
        node('unready', print + stayUp, {
          ready: { kind: 'log', pattern: `not ${value}` },
          startupTimeoutMs: 300,
        }),
        node('speaking', say('"READY=1\\nSTATUS=" + process.env.SECRET') + stayUp, {
          ready: { kind: 'heartbeat' },
        }),
        node('unprepared', stayUp, {
          envCommands: [{ command: 'echo "no $SECRET" >&2; exit 1', timeoutMs: 60_000 }],
        }),
      ],
      {},
      undefined,
      source,
    );
    const shown: unknown[] = [];
    test.environment.onDidFail((failure) => shown.push(failure));
    test.environment.onDidChange(() => shown.push(test.environment.processes()));
    shown.push(await test.environment.start());
    const spoken = await test.until('speaking', ({ statusText }) => statusText !== undefined);
    assert.equal(spoken.statusText, '<•••>');
    const reason = (name: string): string => test.environment.process(name)?.reason ?? '';
    assert.match(reason('unready'), /^not ready after 0.3 s: no match for \/not •••\/ in/);
    assert.match(reason('unprepared'), /^env_command: exit code 1: no <•••>$/);
    shown.push(test.environment.processes());
    await test.environment.stop();
    await test.environment.flush();
    assert.ok(!JSON.stringify(shown).includes(value));

    const written = filesBelow(test.stateFolder.path);
    assert.ok(written.length > 5);
    const logs = written.filter((file) => file.endsWith('.log'));
    for (const file of written) {
      if (logs.includes(file)) assert.equal(statSync(file).mode & 0o777, 0o600, file);
      else assert.ok(!readFileSync(file, 'utf8').includes(value), file);
    }
    const own = test.environment.process('printing') as ProcessSnapshot;
    const log = readFileSync(own.logPath ?? '', 'utf8');
    assert.ok(log.includes(`my secret is <${value}>`));
    assert.equal(test.environment.mask(log.trim()), 'my secret is <•••>');
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
