import { connect } from 'node:net';
import type { Browser } from 'playwright-core';

import { DashboardPage } from '../../test/e2e/dashboardPage.ts';
import { until } from '../../test/support/until.ts';
import { artifactsFolder } from '../host/paths.ts';
import type { Workbench } from '../host/workbench.ts';
import type { ProcessView } from './environmentView.ts';

/**
 * Saves the healthy environment in both themes, first beside its file and then on the dashboard, and
 * gives back the paths.
 */
export async function takePictures(
  workbench: Workbench,
  processes: readonly ProcessView[],
): Promise<string[]> {
  const paths: string[] = [];
  for (const { name } of processes.filter(({ state }) => state === 'running')) {
    await workbench.waitForRow(name, ({ description }) => description.includes('%'));
  }
  for (const theme of ['dark', 'light'] as const) {
    await workbench.setTheme(theme);
    // They come after the text of the file, and move it.
    await workbench.page.locator('.codelens-decoration').first().waitFor();
    paths.push(await workbench.screenshot(`shop-${theme}`));
  }
  await workbench.clickViewAction('Open Dashboard');
  const { frame } = await DashboardPage.find(workbench.page);
  await until(
    'lines of CPU and memory',
    async () => (await frame.evaluate<number>(longLines)) >= 6,
    60_000,
    { everyMs: 200 },
  );
  for (const theme of ['dark', 'light'] as const) {
    await workbench.setTheme(theme);
    paths.push(await workbench.screenshot(`shop-dashboard-${theme}`));
  }
  return paths;
}

/** Run in the page: how many lines have enough points to look like one. */
const longLines = `[...document.querySelectorAll('.spark-line')]
  .filter((line) => (line.getAttribute('d') ?? '').split('L').length > 8).length`;

/** Opens the shop's own page, and rejects unless it shows what comes out of the database. */
export async function checkWebPage(browser: Browser, url: string): Promise<string> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    await page.goto(url);
    await page.getByRole('heading', { name: 'Sencha' }).waitFor();
    await page.getByRole('button', { name: 'Order Sencha' }).click();
    await page.locator('.order', { hasText: 'Sencha' }).first().waitFor();
    const path = `${artifactsFolder}/shop-page.png`;
    await page.screenshot({ path });
    return path;
  } finally {
    await page.close();
  }
}

/** Rejects when something still listens on a port of the environment. */
export async function checkPortsFree(processes: readonly ProcessView[]): Promise<void> {
  const ports = processes.map(({ port }) => Number(port)).filter((port) => port > 0);
  for (const port of ports) {
    for (const host of ['127.0.0.1', '::1']) {
      if (await accepts(host, port)) throw new Error(`Port ${port} is still open on ${host}.`);
    }
  }
}

/** Does something accept connections there? */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
