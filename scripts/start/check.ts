import { connect } from 'node:net';
import type { Browser } from 'playwright-core';

import { artifactsFolder } from '../host/paths.ts';
import type { Workbench } from '../host/workbench.ts';
import type { ProcessView } from './environmentView.ts';

/** Saves the healthy environment in both themes, and gives back the paths. */
export async function takePictures(workbench: Workbench): Promise<string[]> {
  const paths: string[] = [];
  for (const theme of ['dark', 'light'] as const) {
    await workbench.setTheme(theme);
    // They come after the text of the file, and move it.
    await workbench.page.locator('.codelens-decoration').first().waitFor();
    paths.push(await workbench.screenshot(`shop-${theme}`));
  }
  return paths;
}

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
