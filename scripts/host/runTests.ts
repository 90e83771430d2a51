import { cp, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'node:util';

import {
  outputPrefix,
  resultsVariable,
  type SuiteResults,
} from '../../test/support/resultsReporter.ts';
import { launchBrowser } from './browser.ts';
import { Cleanup } from './cleanup.ts';
import { outFolder, repositoryRoot } from './paths.ts';
import { CodeServer } from './server.ts';
import { Workbench } from './workbench.ts';

/** The workspace that the tests find open: a copy of it, so that they may change it. */
export const hostTestWorkspace = join(repositoryRoot, 'test', 'host', 'workspace');

/**
 * Runs the bundled suite of test/host inside the extension host of a VS Code server and prints what
 * it prints. The counts are undefined when the suite did not come to its end.
 */
export async function runHostTests(say: (line: string) => void): Promise<SuiteResults | undefined> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-env-host-tests-')));
  const results = join(folder, 'results.json');
  await cp(hostTestWorkspace, join(folder, 'workspace'), { recursive: true });
  await using cleanup = new Cleanup();
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const server = await CodeServer.start(say, {
    isTestHost: true,
    env: { [resultsVariable]: results },
  });
  cleanup.defer(async () => {
    const leftovers = await server.stop();
    if (leftovers.length > 0) say(`Ended what the tests had left:\n${leftovers.join('\n')}`);
  });
  const browser = await launchBrowser(say);
  cleanup.defer(() => browser.close());

  const log: string[] = [];
  let end: (code: number | Error) => void;
  const ended = new Promise<number | Error>((resolve) => {
    end = resolve;
  });
  const workbench = await Workbench.open(browser, server, {
    folder: join(folder, 'workspace'),
    extensionFolder: repositoryRoot,
    testsPath: join(outFolder, 'test', 'host', 'index.cjs'),
    prepare: async (page) => {
      await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
        const line = format(...args);
        log.push(line);
        if (line.startsWith(outputPrefix)) say(line.slice(outputPrefix.length));
      });
      await page.exposeFunction('codeAutomationExit', (code: number) => {
        end(code);
      });
      page.on('crash', () => {
        end(new Error('The browser page crashed.'));
      });
    },
  });
  const code = await ended;
  if (code instanceof Error) throw code;
  if (code !== 0) await workbench.screenshot('host-tests-failed');
  const counts = await readResults(results);
  // Then the cause is somewhere in VS Code's own log.
  if (counts === undefined) say(log.join('\n'));
  return counts;
}

/** What a suite's reporter has written; undefined if it did not get that far. */
export async function readResults(path: string): Promise<SuiteResults | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as SuiteResults;
  } catch {
    return undefined;
  }
}
