import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runners } from '../../../src/process/runners/runnerRegistry.ts';
import { onlyOnLinux } from '../../support/skip.ts';
import { Stage, startedHost } from '../../support/stage.ts';
import { openTestEnvironment, processModel } from '../../support/testEnvironment.ts';
import { until } from '../../support/until.ts';

const read = (file: string | undefined): string => readFileSync(file ?? '', 'utf8');

describe('how a process is started', function () {
  this.timeout(400_000);

  it('by a runner, whose command line is shown', async () => {
    const registration = runners.register('speak', {
      resolve: ({ word }, { workdir, env }) => ({
        command: ['sh', '-c', 'echo "$0 $EXTRA"; pwd; exec sleep 600', String(word)],
        env: { EXTRA: `${String(env['PATH'] !== undefined)} ${workdir}` },
      }),
      describe: ({ word }) => `speak ${String(word)}`,
    });
    try {
      const runner = { name: 'speak', options: { word: 'hello' } };
      await using stage = await openTestEnvironment([processModel('api', '', { runner })]);
      const result = await stage.environment.start(['api']);
      assert.deepEqual(result.succeeded, ['api']);
      const { commandLine, logPath, workdir } = stage.environment.process('api')!;
      assert.equal(commandLine, 'speak hello');
      await until('its output', () => read(logPath) === `hello true ${workdir}\n${workdir}\n`);
      await stage.environment.stop(['api']);
    } finally {
      registration.dispose();
    }
  });

  it('fails by a runner that is not there, and names those that are', async () => {
    const runner = { name: 'deno', options: {} };
    await using stage = await openTestEnvironment([processModel('api', '', { runner })]);
    const { failed } = await stage.environment.start(['api']);
    assert.match(failed[0]?.reason ?? '', /no runner "deno".*node, python/);
    assert.equal(stage.environment.process('api')?.failure, 'spawn-error');
  });

  it('keeps what a task wrote to each stream, also when it ended while no host was there', async function () {
    onlyOnLinux(this);
    const script = 'echo out; echo err >&2; while [ ! -e go ]; do sleep 0.02; done; echo end';
    await using stage = await Stage.set((folder) => [
      processModel('migrate', script, { kind: 'task', workdir: folder }),
      processModel('quick', 'echo quick; echo oops >&2; exit 3', { kind: 'task' }),
    ]);
    const first = await startedHost(stage);
    await first.until(
      (host) =>
        host.process('migrate')?.state === 'running' && host.process('quick')?.state === 'failed',
    );
    const { result } = first.process('quick')!;
    assert.equal(result?.exit.code, 3);
    assert.deepEqual([read(result.stdoutPath), read(result.stderrPath)], ['quick\n', 'oops\n']);
    await stage.recorded(first);
    await first.kill();
    await writeFile(path.join(stage.folder, 'go'), '');

    const second = await stage.host().untilOpen();
    await second.until((host) => host.process('migrate')?.state === 'completed');
    const migrated = second.process('migrate')!;
    assert.equal(read(migrated.result?.stdoutPath), 'out\nend\n');
    assert.equal(read(migrated.result?.stderrPath), 'err\n');
    assert.equal(read(migrated.logPath).split('\n').sort().join(' '), ' end err out');
    // Of a task that had ended before.
    assert.equal(read(second.process('quick')?.result?.stdoutPath), 'quick\n');
  });
});
