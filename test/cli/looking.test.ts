import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { cliPath, CliStage } from '../support/cliStage.ts';

const talkers = `
processes:
  one: { type: task, command: 'i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo "one $i"; done' }
  two: { type: task, command: "printf '\\\\033[31mred\\\\n'" }
  loud: { type: task, command: seq 1 200000 }
`;

describe('dev-env validate', () => {
  it('points at each fault, and says what was probably meant', async () => {
    await using stage = await CliStage.set(`processes:
  api:
    comand: npm start
  web:
    command: npm start
    depends_on: [apo]
`);
    const { code, stdout } = await stage.run('validate');
    assert.equal(code, 3);
    const path = join(stage.folder, 'dev-env.yaml');
    const lines = stdout.split('\n');
    const at = lines.findIndex((line) => line.startsWith(`${path}:3:5: error: `));
    assert.notEqual(at, -1, stdout);
    assert.match(lines[at]!, /Did you mean "command"\?/);
    assert.equal(lines[at + 1], '    3 |     comand: npm start');
    assert.equal(lines[at + 2], '      |     ^~~~~~');
    assert.match(stdout, /:6:\d+: error: .*apo.*Did you mean "api"\?/);
  });

  it('has nothing to say of a good file', async () => {
    await using stage = await CliStage.set(talkers);
    const { code, stdout } = await stage.run('validate');
    assert.equal(code, 0);
    assert.match(stdout, /3 processes, no problems/);
    const elsewhere = await stage.run('--file', 'nowhere.yaml', 'validate');
    assert.equal(elsewhere.code, 3);
    assert.match(elsewhere.stderr, /There is no .*nowhere\.yaml/);
  });

  it('finds the file in a folder above', async () => {
    await using stage = await CliStage.set(talkers);
    const below = join(stage.folder, 'a', 'b');
    await mkdir(below, { recursive: true });
    const child = spawn(process.execPath, [cliPath, 'validate'], { cwd: below, stdio: 'ignore' });
    await once(child, 'close');
    assert.equal(child.exitCode, 0);
  });

  it('says where it has looked when there is no file', async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-env-cli-')));
    const child = spawn(process.execPath, [cliPath, 'status'], { cwd: folder });
    let said = '';
    child.stderr.on('data', (text) => (said += String(text)));
    await once(child, 'close');
    assert.equal(child.exitCode, 3);
    assert.match(said, /There is no dev-env\.yaml in .* or a folder above it/);
    await rm(folder, { recursive: true });
  });
});

describe('dev-env status, logs, explain, top', () => {
  it('shows a table of what nobody runs', async () => {
    await using stage = await CliStage.set(talkers);
    const { code, stdout } = await stage.run('status');
    assert.equal(code, 0);
    assert.match(stdout, /^NAME +STATE/);
    assert.match(stdout, /^one +stopped$/m);
    assert.match(stdout, /Nothing runs\./);
  });

  it('shows the output of runs that are over, as it was', async () => {
    await using stage = await CliStage.set(talkers);
    assert.equal((await stage.run('up', 'one', 'two')).code, 0);
    const all = await stage.run('logs');
    assert.equal(all.code, 0);
    assert.match(all.stdout, /^one {2}\| one 1\none {2}\| one 2\none {2}\| one 3\n/m);
    assert.match(all.stdout, /^two {2}\| red$/m);
    const painted = await stage.spawn(['logs', 'two'], { FORCE_COLOR: '1' }).ended;
    assert.ok(painted.stdout.includes('\x1b[31mred\x1b[0m'), JSON.stringify(painted.stdout));
    const plain = await stage.spawn(['--no-color', 'logs', 'two'], { FORCE_COLOR: '1' }).ended;
    assert.equal(plain.stdout, 'two | red\n');
    const later = await stage.run(
      'logs',
      'one',
      '--since',
      new Date(Date.now() + 1e6).toISOString(),
    );
    assert.equal(later.stdout, '');
    const wrong = await stage.run('logs', 'one', '--since', 'yesterday-ish');
    assert.equal(wrong.code, 2);
  });

  it('writes a long log as a whole, or as far as it is read', async () => {
    await using stage = await CliStage.set(talkers);
    assert.equal((await stage.run('up', '--wait', 'loud')).code, 0);
    const whole = await stage.run('logs', 'loud');
    const lines = whole.stdout.trimEnd().split('\n');
    assert.equal(lines.length, 200_000);
    assert.equal(lines.at(-1), 'loud | 200000');
    // As `| head -1` does.
    const cut = stage.spawn(['logs', 'loud']);
    await cut.says(/loud \| 1\n/);
    cut.child.stdout?.destroy();
    const { code, stderr } = await cut.ended;
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('follows a process through its runs', async () => {
    await using stage = await CliStage.set(`
processes:
  clock: { command: 'echo "run of $$$$"; exec sleep 600' }
`);
    assert.equal((await stage.run('start', 'clock')).code, 0);
    const logs = stage.spawn(['logs', '-f', 'clock']);
    await logs.says(/clock \| run of \d+\n/);
    assert.equal((await stage.run('restart', 'clock')).code, 0);
    await logs.says(/run of \d+\nclock \| run of \d+\n/);
    logs.signal('SIGINT');
    assert.equal((await logs.ended).code, 0);
    const top = await stage.run('top', '--once');
    assert.equal(top.code, 0, top.stderr);
    assert.match(top.stdout, /^NAME +STATE +PID +CPU +MEMORY/);
    assert.match(top.stdout, /^clock +running +\d+ +\d+\.\d % +[\d.]+ [KM]B +\d+$/m);
    const explained = await stage.run('explain', 'clock');
    assert.equal(explained.code, 0);
    assert.match(explained.stdout, /clock/);
    assert.match(explained.stdout, /running/);
  });

  it('says what is wrong with the command line, and ends with 2', async () => {
    await using stage = await CliStage.set(talkers);
    const command = await stage.run('statsu');
    assert.equal(command.code, 2);
    assert.match(command.stderr, /Did you mean status\?/);
    const option = await stage.run('up', '--detatch');
    assert.equal(option.code, 2);
    assert.match(option.stderr, /Did you mean --detach\?/);
    assert.equal((await stage.run('explain', 'nobody')).code, 2);
    const help = await stage.run('--help');
    assert.equal(help.code, 0);
    assert.match(help.stdout, /Usage: dev-env/);
  });
});
