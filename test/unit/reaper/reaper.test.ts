import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dependency } from '../../../src/config/model.ts';
import { processModel } from '../../support/testEnvironment.ts';
import { Stage, startedHost } from '../../support/stage.ts';

const program = join(import.meta.dirname, '..', '..', '..', 'src', 'reaper', 'reaper.ts');
const needs = (name: string): Dependency[] => [{ name, condition: 'ready' }];

async function reap(stage: Stage, graceMs = 0): Promise<void> {
  const reaper = spawn(
    process.execPath,
    [program, stage.folder, join(stage.folder, 'dev-env.yaml'), String(graceMs)],
    {
      stdio: 'inherit',
      env: { ...process.env, DEV_ENV_STATE_HOME: join(stage.folder, '.state') },
    },
  );
  const [code] = (await once(reaper, 'close')) as [number];
  assert.equal(code, 0);
}

describe('The reaper', () => {
  const chain = (folder: string) =>
    ['db', 'api', 'web'].map((name, index, names) =>
      processModel(
        name,
        `trap 'echo ${name} >> ${join(folder, 'ends')}; exit 0' TERM; while :; do sleep 0.02; done`,
        { dependsOn: index === 0 ? [] : needs(names[index - 1]!) },
      ),
    );

  for (const [title, text] of [
    [
      'with its file',
      'processes: {db: {command: a}, api: {command: b, depends_on: [db]}, web: {command: c, depends_on: [api]}}',
    ],
    ['with a file that has errors', 'processes: ['],
  ] as const) {
    it(`stops an environment in order, ${title}`, async () => {
      await using stage = await Stage.set(chain);
      await writeFile(join(stage.folder, 'dev-env.yaml'), text);
      const host = await startedHost(stage);
      await host.until((h) => h.processes.every((process) => process.state === 'running'));
      await stage.recorded(host);
      await host.release();
      assert.equal((await stage.liveRuns()).size, 3);
      await reap(stage);
      assert.deepEqual(await stage.liveRuns(), new Map());
      assert.equal(await readFile(join(stage.folder, 'ends'), 'utf8'), 'web\napi\ndb\n');
      const later = await stage.host().untilOpen();
      for (const process of later.processes) assert.equal(process.stoppedBy, 'close', process.name);
    });
  }

  it('goes away when a host has taken the environment up again', async () => {
    await using stage = await Stage.set(chain);
    const first = await startedHost(stage);
    await first.until((host) => host.processes.every((process) => process.state === 'running'));
    const pids = first.processes.map((process) => process.pid);
    await first.release();
    const second = await stage.host().untilOpen();
    await reap(stage);
    assert.deepEqual(
      second.processes.map((process) => process.pid),
      pids,
    );
    assert.equal((await stage.liveRuns()).size, 3);
  });
});
