import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../../src/config/load.ts';
import type { EnvironmentModel } from '../../../../src/config/model.ts';
import { freePort } from '../../../../src/process/ports.ts';
import { openTestEnvironment } from '../../../support/testEnvironment.ts';

const example = join(import.meta.dirname, '../../../../examples/supervision');

/** The example in a folder and on ports of its own, so that it comes in nobody's way. */
async function load(folder: string): Promise<{ model: EnvironmentModel; api: number }> {
  await cp(example, folder, { recursive: true });
  await rm(join(folder, 'data'), { recursive: true, force: true });
  const [api, web, mail] = [await freePort(), await freePort(), await freePort()];
  const text = (await readFile(join(folder, 'dev-env.yaml'), 'utf8'))
    .replaceAll('41831', String(api))
    .replaceAll('41832', String(web))
    .replaceAll('41830', String(mail))
    .replace('interval: 2s', 'interval: 100ms')
    .replace('timeout: 1s', 'timeout: 20s');
  const configPath = join(folder, 'dev-env.yaml');
  const { model, diagnostics } = await loadConfig({ text, configPath, folder, hostEnv: {} });
  assert.deepEqual(diagnostics, []);
  return { model: model!, api };
}

describe('examples/supervision', () => {
  it('comes up, and gets well again with what follows it', async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-env-example-')));
    const { model, api } = await load(folder);
    await using test = await openTestEnvironment(model.processes);
    const names = ['prepare', 'api', 'web'];
    const { failed } = await test.environment.start(names);
    assert.deepEqual(failed, []);
    await fetch(`http://127.0.0.1:${api}/ill`);
    const { restartCounts } = await test.until(
      'api',
      ({ run, state }) => run === 2 && state === 'running',
    );
    assert.deepEqual(restartCounts, { health: 1 });
    await test.until('web', ({ run, state }) => run === 2 && state === 'running');
    await test.environment.start(['prepare']);
    assert.equal(test.environment.process('prepare')?.result?.exit.code, 3);
    await test.environment.stop();
    await rm(folder, { recursive: true });
  });
});
