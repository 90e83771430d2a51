import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Emitter } from '../../src/base/emitter.ts';
import { environmentSecrets } from '../../src/controller/environmentSecrets.ts';
import type { SecretSource } from '../../src/controller/secretSource.ts';
import { CliStage } from '../support/cliStage.ts';
import { openWindow } from '../support/openWindow.ts';
import { skip } from '../support/skip.ts';
import { until } from '../support/until.ts';

const token = 'correct-horse-battery';
const given = { DEV_ENV_SECRET_TOKEN: token };
const lineCount = 200_000;

const yaml = `
processes:
  teller:
    command: echo "before <$TOKEN> after"; printf '\\033[31m%s\\033[0m\\n' "$TOKEN"; exec sleep 600
    env: { TOKEN: "\${secret:TOKEN}" }
  crowd:
    type: task
    command: seq 1 ${String(lineCount)} | sed "s/$/ $TOKEN/"
    env: { TOKEN: "\${secret:TOKEN}" }
  counter:
    command: i=0; while true; do i=$((i+1)); echo "count $i of $TOKEN"; sleep 0.02; done
    env: { TOKEN: "\${secret:TOKEN}" }
  plain: { command: echo nothing to hide; exec sleep 600 }
`;

describe('secrets that only the owner of the environment knows', () => {
  it('are hidden by logs, logs -f and up of another shell', async () => {
    await using stage = await CliStage.set(yaml);
    const owner = stage.spawn(['up', 'teller'], given);
    await owner.says(/teller \| •••\n/);
    const shown = 'teller | before <•••> after\nteller | •••\n';
    assert.equal((await stage.run('logs', 'teller')).stdout, shown);
    const painted = await stage.spawn(['logs', 'teller'], { FORCE_COLOR: '1' }).ended;
    assert.ok(painted.stdout.includes('\x1b[31m•••\x1b[0m'), JSON.stringify(painted.stdout));
    const following = stage.spawn(['logs', '-f', 'teller']);
    const attached = stage.spawn(['up', 'teller']);
    for (const command of [following, attached]) {
      await command.says(/before <•••> after\nteller +\| •••\n/);
      command.signal('SIGINT');
    }
    assert.equal((await following.ended).stdout, shown);
    for (const { stdout, stderr } of [painted, await attached.ended]) {
      assert.ok(!`${stdout}${stderr}`.includes(token), stdout);
    }
    assert.ok(!owner.stdout.includes(token), owner.stdout);
  });

  it('are hidden in a long log, which is whole and in order, or as long as it is read', async () => {
    await using stage = await CliStage.set(yaml);
    const owner = stage.spawn(['up', 'plain'], given);
    await owner.says(/nothing to hide/);
    assert.equal((await stage.run('start', 'crowd')).code, 0);
    const { code, stdout, stderr } = await stage.run('logs', 'crowd');
    assert.equal(code, 0, stderr);
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, lineCount);
    const wrong = lines.findIndex((line, index) => line !== `crowd | ${String(index + 1)} •••`);
    assert.equal(lines[wrong], undefined);
    const cut = stage.spawn(['logs', 'crowd']);
    await cut.says(/crowd \| 1 •••\n/);
    cut.child.stdout?.destroy();
    await once(cut.child, 'exit');
    assert.equal(cut.child.exitCode, 0);
    assert.equal(cut.stderr, '');
  });

  it('are hidden while one owner gives the environment to another, with no line lost or twice', async () => {
    await using stage = await CliStage.set(yaml);
    const up = stage.spawn(['up', 'counter'], given);
    await up.says(/count 1 of •••\n/);
    const follower = stage.spawn(['logs', '-f', 'counter']);
    await follower.says(/count 1 of •••\n/);
    const more = async (): Promise<void> => {
      const length = follower.stdout.length;
      await until('more lines', () => follower.stdout.length > length + 200, 60_000);
    };
    const window = await openWindow(stage, environmentSecrets(given));
    try {
      await until('the window to own it', () => window.session, 60_000);
      await more();
    } finally {
      await window.leave();
    }
    await until(
      'the terminal to own it',
      async () => (await stage.status()).owner?.kind === 'terminal',
      60_000,
    );
    await more();
    follower.signal('SIGINT');
    const { code, stdout, stderr } = await follower.ended;
    assert.equal(code, 0, stderr);
    up.signal('SIGINT');
    await up.ended;
    mustCount(stdout);
    mustCount(up.stdout);
  });

  it('are hidden when the owner is killed and the next one goes on', async () => {
    await using stage = await CliStage.set(yaml);
    const first = stage.spawn(['up', 'counter'], given);
    await first.says(/count 1 of •••\n/);
    const second = stage.spawn(['up', 'counter'], given);
    const follower = stage.spawn(['logs', '-f', 'counter']);
    await second.says(/count 1 of •••\n/);
    await follower.says(/count 1 of •••\n/);
    first.signal('SIGKILL');
    await until(
      'the second one to own it',
      async () => (await stage.status()).owner?.pid === second.child.pid,
      60_000,
    );
    const { length } = follower.stdout;
    await until('more lines', () => follower.stdout.length > length + 200, 60_000);
    follower.signal('SIGINT');
    const { code, stdout, stderr } = await follower.ended;
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
    mustCount(stdout);
    second.signal('SIGINT');
    mustCount((await second.ended).stdout);
  });

  it('are hidden as long as the program runs, though nobody is left who knows them', async function () {
    if (process.platform !== 'linux') skip(this, 'nobody may look into an environment here');
    await using stage = await CliStage.set(yaml);
    const owner = stage.spawn(['up', 'teller'], given);
    await owner.says(/before <•••> after\n/);
    owner.signal('SIGKILL');
    await owner.ended;
    const { stdout } = await stage.run('logs', 'teller');
    assert.equal(stdout, 'teller | before <•••> after\nteller | •••\n');
  });

  it('are hidden that an owner learns while its output is followed', async () => {
    await using stage = await CliStage.set(yaml);
    const window = await openWindow(stage, askedFor(token));
    try {
      const environment = window.session?.environment;
      assert.ok(environment);
      await environment.start(['plain']);
      assert.equal((await stage.status()).hasSecrets, false);
      const follower = stage.spawn(['logs', '-f']);
      await follower.says(/nothing to hide/);
      await environment.start(['teller']);
      await follower.says(/before <•••> after\n/);
      follower.signal('SIGINT');
      const { stdout } = await follower.ended;
      assert.ok(!stdout.includes(token), stdout);
    } finally {
      await window.session?.environment.stop(undefined, { force: true });
      await window.leave();
    }
  });
});

/** Every line of the counter, once each, in order, and without its secret. */
function mustCount(stdout: string): void {
  const lines = stdout
    .trimEnd()
    .split('\n')
    .filter((line) => !line.includes(' ── '));
  assert.deepEqual(
    lines,
    lines.map((_, index) => `counter | count ${String(index + 1)} of •••`),
  );
}

/** As a person gives it to the editor: at the first start that needs it. */
function askedFor(value: string): SecretSource {
  const onDidChange = new Emitter<void>();
  return {
    get: (names) => Promise.resolve(new Map(names.map((name) => [name, value]))),
    known: () => Promise.resolve(new Map()),
    onDidChange: onDidChange.event,
  };
}
