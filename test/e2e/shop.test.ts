import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { repositoryRoot } from '../../scripts/host/paths.ts';
import type { CodeServer } from '../../scripts/host/server.ts';
import { accepts } from '../../scripts/start/check.ts';
import { freePort } from '../../src/process/ports.ts';
import { sharedBrowser } from './hosts.ts';
import { openWorkbench } from './openWorkbench.ts';

const shop = join(repositoryRoot, 'examples', 'shop');
const names = ['install', 'db', 'migrate', 'api', 'worker', 'web'];
const tasks = ['install', 'migrate'];

interface Run {
  readonly startedAtMs: number;
  readonly readyAfterMs?: number;
  readonly endedAtMs: number;
  readonly code?: number;
}

describe('the shop', () => {
  it('starts in order, serves its page, and is stopped without a trace', async () => {
    // Its own ports may be in use: by the same example, in someone's editor.
    const ports = { db: await freePort(), api: await freePort(), web: await freePort() };
    const file = (await readFile(join(shop, 'dev-env.yaml'), 'utf8'))
      .replace('54320', String(ports.db))
      .replace('41810', String(ports.api))
      .replace('41820', String(ports.web));
    const { workbench, server, folder } = await openWorkbench({
      copyOf: shop,
      files: { 'dev-env.yaml': file },
    });
    await workbench.openView('Dev Env');
    await workbench.waitForRow('web');
    assert.deepEqual(
      (await workbench.rows()).map(({ label }) => label),
      names,
    );

    await workbench.clickViewAction('Start All');
    for (const name of names) {
      const state = tasks.includes(name) ? 'completed' : 'running';
      await workbench.waitForRow(
        name,
        ({ spoken }) => spoken.startsWith(`${name}, ${state}`),
        120_000,
      );
    }

    const page = await (await sharedBrowser()).newPage();
    await page.goto(`http://localhost:${ports.web}`);
    await page.getByRole('heading', { name: 'Sencha' }).waitFor();
    await page.close();

    await workbench.clickViewAction('Stop All');
    for (const name of names) {
      await workbench.waitForRow(name, ({ spoken }) => spoken.startsWith(`${name}, stopped`));
    }
    assert.deepEqual(server.environmentProcesses(), new Map());
    for (const port of Object.values(ports)) {
      assert.ok(!(await accepts('127.0.0.1', port)) && !(await accepts('::1', port)), String(port));
    }

    const runs = await history(server, folder);
    const { install, db, migrate, api, worker, web } = runs;
    assert.ok(install && db && migrate && api && worker && web, Object.keys(runs).join());
    assert.deepEqual([install.code, migrate.code], [0, 0]);
    assert.ok(install.endedAtMs <= db.startedAtMs, 'db waits for install');
    assert.ok(readyAt(db) <= migrate.startedAtMs, 'migrate waits for db');
    assert.ok(migrate.endedAtMs <= api.startedAtMs, 'api waits for migrate');
    assert.ok(migrate.endedAtMs <= worker.startedAtMs, 'worker waits for migrate');
    assert.ok(readyAt(api) <= web.startedAtMs, 'web waits for api');
    assert.ok(
      web.endedAtMs <= api.endedAtMs && api.endedAtMs <= db.endedAtMs,
      'stopped in reverse',
    );
  });
});

/** The only run of each process, as the extension has recorded it. */
async function history(server: CodeServer, folder: string): Promise<Record<string, Run>> {
  const runs: Record<string, Run> = {};
  for await (const path of glob(`**/${basename(folder)}*/history/*.jsonl`, {
    cwd: server.folder,
  })) {
    const name = names.find((each) => path.includes(`history/${each}`));
    const lines = (await readFile(join(server.folder, path), 'utf8')).trim().split('\n');
    if (name === undefined) continue;
    assert.equal(lines.length, 1, `${name} ran ${lines.length} times`);
    runs[name] = JSON.parse(lines[0]!) as Run;
  }
  return runs;
}

function readyAt({ startedAtMs, readyAfterMs }: Run): number {
  assert.ok(readyAfterMs !== undefined, 'was never ready');
  return startedAtMs + readyAfterMs;
}
