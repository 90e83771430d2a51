import assert from 'node:assert/strict';
import type { Workbench } from '../../scripts/host/workbench.ts';
import { until } from '../support/until.ts';
import { DashboardPage } from './dashboardPage.ts';
import { openWorkbench } from './openWorkbench.ts';

const service = (line: string, afterMs: number): string =>
  `[node, -e, "setTimeout(() => console.log('${line}'), ${afterMs}); setInterval(() => {}, 1000)"]`;

const file = `
processes:
  db:
    description: Where the orders are kept
    command: ${service('db is there', 700)}
    ready: { log: db is there }
  cache:
    command: ${service('cache is there', 200)}
    ready: { log: cache is there }
  migrate:
    type: task
    command: [node, -e, "setTimeout(() => {}, 400)"]
    depends_on: [db]
  api:
    description: "What <b>everything</b> talks to"
    url: http://localhost:45123
    command: ${service('api is there', 500)}
    ready: { log: api is there }
    depends_on: { db: ready, migrate: completed, cache: ready }
  worker:
    restart: never
    command: [node, -e, "console.error('no queue'); process.exit(3)"]
    depends_on: [migrate]
  web:
    command: ${service('web is there', 300)}
    ready: { log: web is there }
    depends_on: [api]
  late:
    command: ${service('never', 3_600_000)}
    ready: { log: late is there }
  report:
    command: [node, -e, "setInterval(() => {}, 1000)"]
    depends_on: [late]
`;

/** After its time to be ready, whenever that is. */
const givesUp = ['late', 'report'];
const up = ['db', 'cache', 'api', 'web'];

async function startAndOpen(workbench: Workbench): Promise<DashboardPage> {
  await workbench.openView('Dev Env');
  await workbench.waitForRow('web');
  await workbench.clickViewAction('Start All');
  await workbench.clickViewAction('Open Dashboard');
  const page = await DashboardPage.find(workbench.page);
  for (const name of up) await page.waitForRow(name, ({ state }) => state === 'running');
  await page.waitForRow('worker', ({ state }) => state === 'failed');
  return page;
}

/** Until the programs that run have been measured often enough for a line. */
async function measured(page: DashboardPage): Promise<void> {
  await until(
    'lines of CPU and memory',
    async () =>
      (await page.frame.locator('.row[data-state=running] .spark-line[d^=M]').count()) >= 8,
    90_000,
    { everyMs: 100 },
  );
}

describe('the dashboard', () => {
  it('shows states, reasons, numbers, the graph and the start, in dark and in light', async () => {
    const { workbench } = await openWorkbench({ files: { 'dev-env.yaml': file } });
    const page = await startAndOpen(workbench);
    const worker = await page.waitForRow('worker', ({ text }) => text.includes('exit code 3'));
    assert.match(worker.spoken, /^worker, failed, .*exit code 3/);
    const report = await page.waitForRow('report', ({ state }) => state === 'waiting');
    assert.match(report.text, /waiting for late/);
    const [db] = await page.rows();
    assert.match(db!.text, /Where the orders are kept/);
    assert.equal(await page.frame.locator('.row b').count(), 0, 'text is text');
    assert.equal(await page.frame.locator('.edge.waiting').count(), 1);
    assert.equal(await page.frame.locator('.node').count(), 8);
    await page.waitForText('.start-up-card', /migrate/);
    await page.waitForText('.events', /exit code 3/);
    await measured(page);

    await page.frame.locator('.row', { hasText: 'api' }).first().click();
    await page.frame.locator('.detail-card .u-wrap canvas').first().waitFor();
    await page.waitForText('.detail-card dl', /PID/);
    await page.waitForText('.output', /api is there/);
    await workbench.screenshot('dashboard-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('dashboard-light');
    await page.frame.locator('.start-up-card').scrollIntoViewIfNeeded();
    await page.frame.locator('.events-card').scrollIntoViewIfNeeded();
    await workbench.screenshot('dashboard-light-below');
    await workbench.setTheme('dark');
    await workbench.screenshot('dashboard-dark-below');
  });

  it('is live, acts, and comes back after a reload', async () => {
    const { workbench } = await openWorkbench({ files: { 'dev-env.yaml': file } });
    const page = await startAndOpen(workbench);
    // What the page has asked for when it was opened has come then: the history of each row.
    await measured(page);
    await page.watch();
    const web = page.frame.locator('.row', { hasText: 'web' }).first();
    await web.getByRole('button', { name: 'Stop: web', exact: true }).click();
    await page.waitForRow('web', ({ state }) => state === 'stopped');
    await web.getByRole('button', { name: 'Start: web', exact: true }).click();
    await page.waitForRow('web', ({ state }) => state === 'running');
    // Events are drawn after states, the newest first.
    await page.waitForText('.events', /web\s+running[^]*web\s+stopped/);
    const { told, delays, isSameGraph } = await page.watched();
    assert.ok(told.length >= 2, JSON.stringify(told));
    for (const one of told) {
      assert.ok(['rows', 'timelines', 'samples'].includes(one.kind), `no ${one.kind}`);
      const others = one.names.filter((name) => name !== 'web' && !givesUp.includes(name));
      assert.deepEqual(others, [], 'only what has changed is told');
      assert.ok(one.isDrawn, 'a state is drawn when it comes');
    }
    assert.ok(isSameGraph, 'states lay out no graph');
    assert.ok(delays.length >= 2, JSON.stringify(delays));
    console.log(`    from a change to the page: ${delays.join(', ')} ms`);
    console.log(`    an empty round trip beside it: ${(await page.roundTrips()).join(', ')} ms`);

    await page.frame.locator('.row', { hasText: 'db' }).first().focus();
    await workbench.page.keyboard.press('ArrowDown');
    await workbench.page.keyboard.press('Enter');
    await until('a closer look', async () => (await page.text('.detail-card h2')) === 'cache');

    await workbench.reload();
    const again = await DashboardPage.find(workbench.page);
    // Whatever has become of it: a reload that takes long counts as a closed window.
    await again.waitForRow('web', () => true);
  });

  it('can be read in high contrast, and holds a thousand processes', async () => {
    const many = [...Array(1000).keys()].map((i) => {
      const needs = i % 10 === 0 ? '' : `, depends_on: [p${i - (i % 10)}]`;
      return `  - { name: p${i}, command: [sleep, "1"]${needs} }`;
    });
    const { workbench } = await openWorkbench({
      files: { 'dev-env.yaml': `processes:\n${many.join('\n')}\n` },
      settings: {
        'window.autoDetectColorScheme': false,
        'window.autoDetectHighContrast': false,
        'workbench.colorTheme': 'Default High Contrast',
      },
    });
    await workbench.openView('Dev Env');
    await workbench.waitForRow('p0');
    await workbench.clickViewAction('Open Dashboard');
    const page = await DashboardPage.find(workbench.page);
    assert.ok((await page.rows()).length < 60, 'only what is in sight is in the page');
    await page.waitForText('.summary', /of 1000 up/);
    await page.frame.locator('.row', { hasText: 'p0' }).first().click();
    await page.frame.locator('.node').first().waitFor();
    assert.equal(await page.frame.locator('.node').count(), 10);
    await workbench.page.keyboard.press('End');
    await page.waitForRow('p999', () => true);
    await workbench.screenshot('dashboard-high-contrast');
  });
});
