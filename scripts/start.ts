import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';

import { findBrowser, launchBrowser } from './host/browser.ts';
import { Cleanup } from './host/cleanup.ts';
import { installServer } from './host/installServer.ts';
import { repositoryRoot } from './host/paths.ts';
import { CodeServer } from './host/server.ts';
import { Workbench } from './host/workbench.ts';
import { packageExtension } from './package.ts';
import { checkPortsFree, checkWebPage, takePictures } from './start/check.ts';
import { formatTable, isDown, type ProcessView } from './start/environmentView.ts';
import { followTable, followTree, waitUntilUp } from './start/follow.ts';
import { offerHandOver } from './start/handOver.ts';

/**
 * Opens examples/shop in a real VS Code with the packaged extension, and follows it until Ctrl+C.
 * With `--check` it takes pictures as soon as all is healthy, stops everything by the tree's button
 * and ends with 0 if nothing is left behind.
 */

const shop = join(repositoryRoot, 'examples', 'shop');
/** The first time, the shop installs its packages. */
const upLimitMs = 180_000;
const downLimitMs = 30_000;

interface Opened {
  readonly server: CodeServer;
  readonly browser: Browser;
  readonly workbench: Workbench;
  readonly processes: readonly ProcessView[];
}

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const cleanup = new Cleanup();
const stop = new AbortController();
const stopped = new Promise<undefined>((resolve) => {
  stop.signal.addEventListener('abort', () => {
    resolve(undefined);
  });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // It may come twice: from the terminal, and passed on by npm.
  process.on(signal, () => {
    stop.abort();
  });
}

try {
  const opened = await Promise.race([open(), stopped]);
  if (opened === undefined) {
    console.log('\nStopping before it was up…');
    process.exitCode = 130;
  } else if (options.check) await check(opened);
  else await follow(opened);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
try {
  await cleanup.run();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
// Whatever was still being set up when it was interrupted ends here.
process.exit();

async function open(): Promise<Opened> {
  console.log('Building and packaging the extension…');
  await Promise.all([packageExtension(), installServer(say), findBrowser(say)]);
  console.log('Starting VS Code…');
  const server = await CodeServer.start(say, {
    vsix: join(repositoryRoot, 'out', 'dev-env.vsix'),
    settings: { 'devEnv.autoStart': 'always' },
    // Someone's laptop may sleep for a while.
    reconnectionSeconds: 3600,
  });
  cleanup.defer(() => endServer(server));
  const browser = await launchBrowser(say);
  cleanup.defer(() => browser.close());
  const workbench = await Workbench.open(browser, server, { folder: shop });
  cleanup.defer(() => workbench.close());
  await workbench.openView('Dev Env');
  console.log('Starting the shop…');
  try {
    const processes = await waitUntilUp(workbench, server, say, upLimitMs);
    return { server, browser, workbench, processes };
  } catch (error) {
    if (!stop.signal.aborted) console.error(`See ${await workbench.screenshot('shop-failed')}`);
    throw error;
  }
}

async function check({ browser, workbench, server, processes }: Opened): Promise<void> {
  console.log(`\n${formatTable(processes)}\n`);
  const page = await checkWebPage(browser, 'http://localhost:41820');
  await workbench.clickViewAction('Open File');
  await workbench.page.locator('.editor-instance .view-line').first().waitFor();
  for (const picture of [...(await takePictures(workbench, processes)), page])
    console.log(`Saved ${picture}`);
  await stopAll(workbench, server, processes);
  await checkPortsFree(processes);
  console.log('Healthy, and stopped again.');
}

async function follow({ workbench, server, processes }: Opened): Promise<void> {
  const handedOver = new AbortController();
  const target = `${server.url}/?folder=${encodeURIComponent(shop)}`;
  const offer = await offerHandOver(target, async () => {
    handedOver.abort();
    console.log('  Handing the environment over to your window…');
    await workbench.close();
  });
  cleanup.defer(offer.close);
  console.log(`\n${formatTable(processes)}\n`);
  console.log(`  VS Code:  ${offer.url}`);
  for (const { url, name } of urls(processes)) console.log(`  ${name.padEnd(8)}  ${url}`);
  console.log('\nFollowing changes; Ctrl+C stops everything.');

  const untilHandOver = AbortSignal.any([stop.signal, handedOver.signal]);
  const last = await followTree(workbench, server, say, untilHandOver, processes).catch(
    (error: unknown) => {
      // The window may close in the middle of a look.
      if (handedOver.signal.aborted) return [];
      throw error;
    },
  );
  if (handedOver.signal.aborted) await followTable(server, say, stop.signal);
  console.log('\nStopping…');
  if (!handedOver.signal.aborted) await stopAll(workbench, server, last);
}

/** Stops the environment as a person would, and waits until the tree says that all is down. */
async function stopAll(
  workbench: Workbench,
  server: CodeServer,
  known: readonly ProcessView[],
): Promise<void> {
  if (known.every(isDown)) return;
  await workbench.clickViewAction('Stop All');
  const limit = AbortSignal.timeout(downLimitMs);
  await followTree(workbench, server, say, limit, known, (all) => all.every(isDown));
  if (limit.aborted) throw new Error(`The environment was not down after ${downLimitMs / 1000} s.`);
}

async function endServer(server: CodeServer): Promise<void> {
  const leftovers = await server.stop();
  if (leftovers.length > 0) throw new Error(`These had to be killed:\n${leftovers.join('\n')}`);
  console.log('Nothing is left running.');
}

/** What people can open in a browser: by convention of this example, `web`. */
function urls(processes: readonly ProcessView[]): { name: string; url: string }[] {
  return processes
    .filter(({ name, port }) => name === 'web' && port !== '')
    .map(({ port }) => ({ name: 'The shop:', url: `http://localhost:${port}` }));
}

function say(line: string): void {
  console.log(line);
}
