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
const own = new Set<CodeServer>();

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
    server = start({ trustsAll });
    servers.set(trustsAll, server);
  }
  return server;
}

async function start(options: ServerOptions): Promise<CodeServer> {
  if (!existsSync(vsixPath)) {
    throw new Error('There is no package to test: run "node scripts/package.ts" first.');
  }
  return CodeServer.start(say, { ...options, vsix: vsixPath });
}

/** A server of the test's own, which ends with the test. */
export async function startServer(options: ServerOptions): Promise<CodeServer> {
  const server = await start(options);
  own.add(server);
  return server;
}

/** Ends the servers that belong to a single test, with what runs below them. */
export async function endOwnServers(): Promise<void> {
  const servers = [...own];
  own.clear();
  for (const server of servers) await server.stop();
}

/** Ends all that is shared. */
export async function endHosts(): Promise<void> {
  await Promise.all([...servers.values()].map(async (server) => (await server).stop()));
  await (await browser)?.close();
}
