import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';

import { launchBrowser } from '../../scripts/host/browser.ts';
import { vsixPath } from '../../scripts/host/paths.ts';
import { CodeServer, type ServerOptions } from '../../scripts/host/server.ts';

/**
 * What the end-to-end tests share, since it takes seconds to start: one browser, and a server for
 * each kind of trust.
 */

let browser: Promise<Browser> | undefined;
const servers = new Map<boolean, Promise<CodeServer>>();

const say = (line: string): void => {
  console.log(`    ${line}`);
};

export function sharedBrowser(): Promise<Browser> {
  browser ??= launchBrowser(say);
  return browser;
}

/** A server with the packaged extension; `trustsAll` as in {@link CodeServer}. */
export function sharedServer(trustsAll: boolean): Promise<CodeServer> {
  let server = servers.get(trustsAll);
  if (server === undefined) {
    server = startServer({ trustsAll });
    servers.set(trustsAll, server);
  }
  return server;
}

/** A server of the test's own, which it stops itself: for tests that crash it. */
export async function startServer(options: ServerOptions): Promise<CodeServer> {
  if (!existsSync(vsixPath)) {
    throw new Error('There is no package to test: run "node scripts/package.ts" first.');
  }
  return CodeServer.start(say, { ...options, vsix: vsixPath });
}

/** Ends all that is shared. */
export async function endHosts(): Promise<void> {
  await Promise.all([...servers.values()].map(async (server) => (await server).stop()));
  await (await browser)?.close();
}
