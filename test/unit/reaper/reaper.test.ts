import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dependency } from '../../../src/config/model.ts';
import { processModel } from '../../support/testEnvironment.ts';
import { Stage, startedHost } from '../../support/stage.ts';

const program = join(import.meta.dirname, '..', '..', '..', 'src', 'reaper', 'reaper.ts');
const needs = (name: string): Dependency[] => [{ name, condition: 'ready' }];

/** `said`: what the host that ends tells it. */
async function reap(stage: Stage, said = ''): Promise<void> {
  const reaper = spawn(
    process.execPath,
    [program, stage.folder, join(stage.folder, 'dev-env.yaml'), '0'],
    {
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...process.env, DEV_ENV_STATE_HOME: join(stage.folder, '.state') },
    },
  );
  reaper.stdin.end(said);
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

  for (const [title, said, expected] of [
    ['with the secrets that it needs', '{"TOKEN":"hush-hush"}', 'hush-hush'],
    ['not at all without them: then the signal ends the program', '', undefined],
    ['not at all when the host was cut off', '{"TOKEN":"hush', undefined],
  ] as const) {
    it(`runs a stop command ${title}`, async () => {
      await using stage = await Stage.set((folder) => [
        processModel('api', `while ! test -e ${join(folder, 'said')}; do sleep 0.02; done`),
      ]);
      const file = join(stage.folder, 'said');
      const text = `processes:
  api:
    command: x
    env: { TOKEN: "\${secret:TOKEN}" }
    stop: { command: 'printf %s "$TOKEN" > ${file}.new; mv ${file}.new ${file}' }`;
      await writeFile(join(stage.folder, 'dev-env.yaml'), text);
      const host = await startedHost(stage);
      await host.until((h) => h.process('api')?.state === 'running');
      await stage.recorded(host);
      await host.release();
      await reap(stage, said);
      assert.deepEqual(await stage.liveRuns(), new Map());
      assert.equal(await readFile(file, 'utf8').catch(() => undefined), expected);
      const state = await readdir(stage.stateFolder.path, { recursive: true, withFileTypes: true });
      for (const entry of state.filter((one) => one.isFile())) {
        const kept = await readFile(join(entry.parentPath, entry.name), 'latin1');
        assert.ok(!kept.includes('hush-hush'), entry.name);
      }
    });
  }
});
