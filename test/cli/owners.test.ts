import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliStage, isAlive } from '../support/cliStage.ts';
import { openWindow } from '../support/openWindow.ts';
import { until } from '../support/until.ts';

const yaml = `
processes:
  db:
    command: echo db is up; exec sleep 600
    ready: { log: db is up }
  api:
    command: while true; do echo again; sleep 0.1; done
    depends_on: [db]
`;

describe('dev-env beside another owner', () => {
  it('controls what a window of the editor runs, and stops in order what it started itself', async () => {
    await using stage = await CliStage.set(yaml);
    const window = await openWindow(stage);
    try {
      await window.session?.environment.start(['db']);
      assert.equal((await stage.status()).owner?.kind, 'editor');
      const up = stage.spawn(['up']);
      await up.says(/api +\| again/);
      up.signal('SIGINT');
      assert.equal((await up.ended).code, 130);
      assert.deepEqual(await stage.states(), { db: 'running', api: 'stopped' });
      assert.equal((await stage.run('start', 'api')).code, 0);
      assert.equal((await stage.run('restart', 'db')).code, 0);
      assert.equal(window.session?.environment.process('db')?.run, 2);
      assert.equal((await stage.run('stop', 'api')).code, 0);
      assert.equal(window.session.environment.process('api')?.stoppedBy, 'you');
      assert.equal((await stage.run('down')).code, 0);
      assert.deepEqual(await stage.states(), { db: 'stopped', api: 'stopped' });
      // The window is still there.
      assert.equal((await stage.status()).owner?.kind, 'editor');
    } finally {
      await window.session?.environment.stop(undefined, { force: true });
      await window.leave();
    }
  });

  it('leaves processes to a program in the background, which gives them to a window', async () => {
    await using stage = await CliStage.set(yaml);
    assert.equal((await stage.run('up', '--detach')).code, 0);
    const before = await until(
      'all to be up',
      async () => {
        const status = await stage.status();
        return status.processes.every(({ state }) => state === 'running') ? status : undefined;
      },
      60_000,
    );
    assert.equal(before.owner?.kind, 'background');
    const window = await openWindow(stage);
    try {
      await until('the window to own it', () => window.session, 60_000);
      const after = await stage.status();
      assert.equal(after.owner?.kind, 'editor');
      assert.deepEqual(
        after.processes.map(({ pid, run }) => [pid, run]),
        before.processes.map(({ pid, run }) => [pid, run]),
      );
      await until('the end of the background', () => !isAlive(before.owner?.pid ?? 0), 60_000);
    } finally {
      await window.leave();
    }
  });

  it('goes on as an onlooker when a window takes over, and as the owner when it has gone', async () => {
    await using stage = await CliStage.set(yaml);
    const up = stage.spawn(['up']);
    await up.says(/api +\| again/);
    const window = await openWindow(stage);
    await up.says(/The editor runs the environment now/);
    await until('the window to own it', () => window.session, 60_000);
    const said = up.stdout.length;
    await until('more output', () => up.stdout.length > said, 60_000);
    await window.leave();
    await until(
      'the terminal to own it',
      async () => (await stage.status()).owner?.kind === 'terminal',
      60_000,
    );
    up.signal('SIGINT');
    const { code, stdout } = await up.ended;
    assert.equal(code, 130);
    assert.equal(stdout.match(/db is up/g)?.length, 1, stdout);
    assert.deepEqual(await stage.states(), { db: 'stopped', api: 'stopped' });
  });

  it('ends the program in the background with everything', async () => {
    await using stage = await CliStage.set(yaml);
    assert.equal((await stage.run('start', 'api')).code, 0);
    const { owner } = await stage.status();
    assert.ok(owner);
    const { code, stdout } = await stage.run('down');
    assert.equal(code, 0);
    assert.match(stdout, /✔ db stopped/);
    await until('its end', () => !isAlive(owner.pid), 60_000);
    assert.equal((await stage.status()).owner, undefined);
  });

  it('stops what runs on after the background was killed', async () => {
    await using stage = await CliStage.set(yaml);
    assert.equal((await stage.run('start', 'api')).code, 0);
    const { owner } = await stage.status();
    process.kill(owner?.pid ?? 0, 'SIGKILL');
    await until('its end', async () => (await stage.status()).owner === undefined, 60_000);
    assert.deepEqual(await stage.states(), { db: 'running', api: 'running' });
    assert.equal((await stage.run('down')).code, 0);
    assert.deepEqual(await stage.states(), { db: 'stopped', api: 'stopped' });
  });

  it('starts what the file says now', async () => {
    await using stage = await CliStage.set(yaml);
    assert.equal((await stage.run('start', 'db')).code, 0);
    await stage.write(`${yaml}\n  late: { type: task, command: echo late }\n`);
    assert.equal((await stage.run('start', 'late')).code, 0);
    await stage.write(yaml.replace('processes', 'proceses'));
    const { code, stderr } = await stage.run('restart', 'db');
    assert.equal(code, 3);
    assert.match(stderr, /dev-env\.yaml:2:1: error: .*processes/);
    await writeFile(join(stage.folder, 'dev-env.yaml'), yaml);
  });

  it('lets two starts at once share one owner', async () => {
    await using stage = await CliStage.set(yaml);
    const results = await Promise.all([stage.run('start', 'db'), stage.run('start', 'api')]);
    assert.deepEqual(
      results.map(({ code }) => code),
      [0, 0],
      results.map(({ stderr }) => stderr).join('\n'),
    );
    const { processes } = await stage.status();
    assert.deepEqual(
      processes.map(({ state, run }) => [state, run]),
      [
        ['running', 1],
        ['running', 1],
      ],
    );
  });
});
