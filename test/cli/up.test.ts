import assert from 'node:assert/strict';
import { once } from 'node:events';
import { onlyOnLinux } from '../support/skip.ts';
import { CliStage } from '../support/cliStage.ts';
import { until } from '../support/until.ts';

const chain = `
processes:
  db:
    command: echo db is up; exec sleep 600
    ready: { log: db is up }
  api:
    command: echo api is up; exec sleep 600
    ready: { log: api is up }
    depends_on: [db]
`;

describe('dev-env up', () => {
  it('shows what tasks say, with their names, and ends with them', async () => {
    await using stage = await CliStage.set(`
processes:
  one: { type: task, command: echo first }
  second: { type: task, command: printf 'no line feed', depends_on: [one] }
`);
    const { code, stdout } = await stage.run('up');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^one {4}\| first$/m);
    assert.match(stdout, /^second \| no line feed$/m);
    assert.match(stdout, /^second \| ── completed$/m);
  });

  it('ends with 1 when a process has failed', async () => {
    await using stage = await CliStage.set(`
processes:
  bad: { type: task, command: exit 3 }
`);
    const { code, stdout } = await stage.run('up');
    assert.equal(code, 1);
    assert.match(stdout, /bad \| ── failed: exit code 3/);
  });

  it('stops in order at the first Ctrl+C, and leaves nothing', async () => {
    await using stage = await CliStage.set(chain);
    const up = stage.spawn(['up']);
    await up.says(/api +\| ── ready/);
    assert.deepEqual(await stage.states(), { db: 'running', api: 'running' });
    up.signal('SIGINT');
    const { code, stdout } = await up.ended;
    assert.equal(code, 130);
    assert.ok(stdout.indexOf('api | ── stopped') < stdout.indexOf('db  | ── stopped'), stdout);
    assert.ok(stdout.includes('db  | ── stopped'), stdout);
    if (process.platform === 'linux') assert.deepEqual(await stage.livePids(), []);
  });

  it('kills at the second Ctrl+C', async () => {
    await using stage = await CliStage.set(`
processes:
  deaf:
    command: trap '' TERM INT; echo up; while true; do sleep 600; done
    ready: { log: up }
    stop: { timeout: 10m }
`);
    const up = stage.spawn(['up']);
    await up.says(/── ready/);
    up.signal('SIGINT');
    await up.says(/Stopping/);
    up.signal('SIGINT');
    assert.equal((await up.ended).code, 130);
    if (process.platform === 'linux') assert.deepEqual(await stage.livePids(), []);
  });

  it('stops when nobody reads any more', async () => {
    await using stage = await CliStage.set(`
processes:
  chatty: { command: while true; do echo again; sleep 0.05; done }
`);
    const up = stage.spawn(['up']);
    await up.says(/again/);
    up.child.stdout?.destroy();
    await once(up.child, 'exit');
    assert.equal(up.child.exitCode, 0);
    assert.deepEqual(await stage.states(), { chatty: 'stopped' });
  });

  it('starts what is named, and what that needs', async () => {
    await using stage = await CliStage.set(`${chain}
  other: { command: sleep 600 }
  grouped: { type: task, command: echo together, groups: [pair] }
  member: { type: task, command: echo too, groups: [pair] }
`);
    const up = stage.spawn(['up', 'api']);
    await up.says(/api +\| ── ready/);
    const states = await stage.states();
    assert.equal(states['db'], 'running');
    assert.equal(states['other'], 'stopped');
    const group = await stage.run('up', 'pair');
    assert.equal(group.code, 0, group.stderr);
    assert.match(group.stdout, /grouped \| together/);
    assert.match(group.stdout, /member +\| too/);
    up.signal('SIGTERM');
    assert.equal((await up.ended).code, 143);
  });

  it('refuses a name that there is not, and says what was probably meant', async () => {
    await using stage = await CliStage.set(chain);
    const { code, stderr } = await stage.run('up', 'apo');
    assert.equal(code, 2);
    assert.match(stderr, /Did you mean "api"\?/);
  });

  it('waits until all are ready, and says by its exit code how it came out', async () => {
    await using stage = await CliStage.set(`${chain}
  broken: { command: exit 7, profiles: [broken], restart: never, ready: { log: never } }
`);
    const good = await stage.run('up', '--wait');
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stdout, /✔ api up/);
    const { owner, processes } = await stage.status();
    assert.equal(owner?.kind, 'background');
    assert.deepEqual(
      processes.map(({ state }) => state),
      ['running', 'running', 'stopped'],
    );
    const bad = await stage.run('up', '--wait', 'broken');
    assert.equal(bad.code, 1);
    assert.match(bad.stderr, /broken: .*exit code 7/);
  });

  it('goes on after kill -9, is taken up where it was, and stopped by the next one', async function () {
    onlyOnLinux(this);
    await using stage = await CliStage.set(chain);
    const first = stage.spawn(['up']);
    await first.says(/api +\| ── ready/);
    const before = await stage.status();
    first.signal('SIGKILL');
    await first.ended;
    const alone = await stage.status();
    assert.equal(alone.owner, undefined);
    assert.deepEqual(
      alone.processes.map(({ pid, state }) => [pid, state]),
      before.processes.map(({ pid }) => [pid, 'running']),
    );
    assert.match((await stage.run('status')).stdout, /Nobody runs this environment/);
    const second = stage.spawn(['up']);
    await until('the second owner', async () => (await stage.status()).owner !== undefined, 60_000);
    const after = await stage.status();
    assert.deepEqual(
      after.processes.map(({ pid, run }) => [pid, run]),
      before.processes.map(({ pid, run }) => [pid, run]),
    );
    // What was said before is shown too: nobody has seen it here.
    await second.says(/api is up/);
    second.signal('SIGINT');
    assert.equal((await second.ended).code, 130);
    assert.deepEqual(await stage.livePids(), []);
  });

  it('says of a process that ended unseen that it did', async function () {
    onlyOnLinux(this);
    await using stage = await CliStage.set(chain);
    const up = stage.spawn(['up', 'db']);
    await up.says(/db +\| ── ready/);
    up.signal('SIGKILL');
    await up.ended;
    for (const pid of await stage.livePids()) process.kill(pid, 'SIGKILL');
    await until('the end', async () => (await stage.livePids()).length === 0, 60_000);
    assert.equal((await stage.states())['db'], 'stopped');
    assert.match((await stage.run('status')).stdout, /ended while nobody ran/);
  });
});
