import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { excluder } from '../../../src/config/envExclude.ts';
import { api, apiOf, type Case, itSays, modelOf } from './support.ts';

describe('env_command', () => {
  it('is a command, a map or a list of them, those of all processes first', async () => {
    const text = `env_command: top \${port:api}\n${api('command: x', 'port: 80', 'env_command: [one two, { command: [a, "${PORT}"], timeout: 1m }]')}`;
    const [process] = (await modelOf(text)).processes;
    assert.deepEqual(process?.envCommands, [
      { command: 'top 80', timeoutMs: 10_000 },
      { command: 'one two', timeoutMs: 10_000 },
      { command: ['a', '80'], timeoutMs: 60_000 },
    ]);
  });
  describe('what is wrong with it', () =>
    itSays([
      [
        'a number',
        api('command: x', 'env_command: «5»'),
        'error wrong-type: "env_command" must be a command for the shell, a map with "command" and "timeout", or a list of those.',
      ],
      [
        'no command',
        api('command: x', '«env_command»: { timeout: 5s }'),
        'error missing-key: "command" is missing.',
      ],
      [
        'a key',
        api('command: x', 'env_command: [{ command: x, «timeot»: 5s }]'),
        'error unknown-key: There is no field "timeot" here. Did you mean "timeout"? [timeout]',
      ],
    ]));
});

describe('layers of the environment', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dev-env-config-'));
    await writeFile(join(directory, 'top.env'), 'A=top-file\nB=top-file\nC=top-file\nD=top-file\n');
    await writeFile(join(directory, 'own.env'), 'B=own-file\nC=own-file\nE=own-file\n');
  });
  after(() => rm(directory, { recursive: true }));

  const text = (command: string): string =>
    `env_file: top.env\nenv: { B: top, C: top, D: top, F: top }\n${api('command: x', command, 'env_file: own.env', 'env: { C: own }')}`;

  it('are one without env commands', async () => {
    const [process] = (await modelOf(text('autostart: false'), { folder: directory })).processes;
    assert.deepEqual(process?.fileEnv, {});
    assert.deepEqual(process.env, {
      A: 'top-file',
      B: 'own-file',
      C: 'own',
      D: 'top',
      E: 'own-file',
      F: 'top',
    });
  });
  it('are two with env commands, which come between', async () => {
    const [process] = (await modelOf(text('env_command: x'), { folder: directory })).processes;
    assert.deepEqual(process?.fileEnv, { A: 'top-file', B: 'own-file', E: 'own-file' });
    assert.deepEqual(process.env, { C: 'own', D: 'top', F: 'top' });
  });
});

describe('env_exclude', () => {
  it('hides inherited variables from the file too', async () => {
    const text = `env_exclude: ["AWS_*"]\nenv: { A: "\${AWS_KEY:-none} \${OTHER:-none}" }\n${api('command: x', 'env_exclude: [OTHER, "AWS_*"]', 'env: { B: "${AWS_KEY:-none} ${OTHER:-none}" }')}`;
    const hostEnv = { AWS_KEY: '1', OTHER: '2' };
    const [process] = (await modelOf(text, { hostEnv })).processes;
    assert.deepEqual(process?.envExclude, ['AWS_*', 'OTHER']);
    assert.deepEqual(process.env, { A: 'none 2', B: 'none none' });
  });
  it('takes any number of stars', () => {
    const isExcluded = excluder([`${'*a'.repeat(50)}*b`]);
    assert.equal(isExcluded('a'.repeat(1000)), false);
    assert.equal(isExcluded(`${'a'.repeat(1000)}b`), true);
    assert.equal(isExcluded(`${'a'.repeat(49)}b`), false);
  });
  describe('what is wrong with it', () =>
    itSays([
      [
        'one name',
        api('command: x', 'env_exclude: «AWS»'),
        'error wrong-type: "env_exclude" must be a list of names of variables, such as ["AWS_*"].',
      ],
      [
        'a value',
        api('command: x', 'env_exclude: [«"A=1"»]'),
        'error wrong-type: "env_exclude" must be a name of a variable, in which "*" stands for anything.',
      ],
    ]));
});

describe('secrets', () => {
  it('are references in values of env', async () => {
    const { env, secretEnv } = await apiOf(
      'command: x',
      'env: { A: "${secret:KEY}", B: "x${secret:a.b-c}y$$${secret:KEY}", C: plain }',
    );
    assert.deepEqual(env, { C: 'plain' });
    assert.deepEqual(secretEnv, {
      A: [{ secret: 'KEY' }],
      B: ['x', { secret: 'a.b-c' }, 'y$', { secret: 'KEY' }],
    });
  });
  it('go along with the variables that hold them', async () => {
    const text = `env: { PASSWORD: "\${secret:DB}", URL: "pg://u:\${PASSWORD}@h" }\n${api('command: x', 'env: { DATABASE_URL: "${URL}/db", AGAIN: "${PASSWORD:-none}", NONE: "${X:-${PASSWORD}}" }')}`;
    const [process] = (await modelOf(text)).processes;
    const secret = { secret: 'DB' };
    assert.deepEqual(process?.env, {});
    assert.deepEqual(process.secretEnv, {
      PASSWORD: [secret],
      URL: ['pg://u:', secret, '@h'],
      DATABASE_URL: ['pg://u:', secret, '@h/db'],
      AGAIN: [secret],
      NONE: [secret],
    });
  });
  it('are covered by plain values, and cover them', async () => {
    const text = `env: { A: "\${secret:X}", B: plain }\n${api('command: x', 'env: { A: plain, B: "${secret:X}" }')}`;
    const [process] = (await modelOf(text)).processes;
    assert.deepEqual(process?.env, { A: 'plain' });
    assert.deepEqual(process.secretEnv, { B: [{ secret: 'X' }] });
  });
  it('are found in all processes that share them', async () => {
    const text = `env: { A: "\${secret:X}" }\n${api('command: x')}  other: { command: x }\n`;
    const { processes } = await modelOf(text);
    for (const { secretEnv } of processes) assert.deepEqual(secretEnv, { A: [{ secret: 'X' }] });
  });

  const only =
    'error misplaced-secret: A secret can only stand in a value of "env". Set a variable there; the program finds it in its environment.';
  const carried =
    'error misplaced-secret: The variable "KEY" holds a secret, which can only stand in a value of "env". The program finds it in its environment; for a shell write $${KEY}.';
  const cases: readonly Case[] = [
    ['a command', api('command: login «${secret:KEY}»'), only],
    ['a list', api('command: [login, "«${secret:KEY}»"]'), only],
    ['a URL', api('command: x', 'url: http://x/«${secret:KEY}»'), only],
    ['a directory', api('command: x', 'workdir: «${secret:KEY}»'), only],
    ['a port', api('command: x', 'port: «${secret:KEY}»'), only],
    ['an env file', api('command: x', 'env_file: «${secret:KEY}»'), only],
    ['an env command', api('command: x', 'env_command: x «${secret:KEY}»'), only],
    ['a header', api('command: x', 'ready: { http: "http://x/", headers: { a: "«${secret:KEY}»" } }'), only],
    ['a runner', api('runner: { node: "«${secret:KEY}»" }'), only],
    ['a command, by a variable', api('command: x «${KEY}»', 'env: { KEY: "${secret:A}" }'), carried],
    ['a port, by a variable', `env: { KEY: "\${secret:A}" }\n${api('command: x', 'port: «${KEY}»')}`, carried],
    [
      'a name',
      api('command: x', 'env: { A: "«${secret:5 x}»" }'),
      'error unknown-variable: The name of a secret has letters, digits, "_", "." and "-", first a letter or "_".',
    ],
    [
      'a default',
      api('command: x', 'env: { A: "«${secret:X:-y}»" }'),
      'error unknown-variable: Only environment variables can have a default.',
    ],
  ]; // prettier-ignore
  describe('where they are wrong', () => itSays(cases));

  it('are left to the shell where it is told so', async () => {
    const { command } = await apiOf('command: login $KEY $${KEY}', 'env: { KEY: "${secret:A}" }');
    assert.equal(command, 'login $KEY ${KEY}');
  });
});
