import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../scripts/host/browser.ts';
import { vsixPath } from '../scripts/host/paths.ts';
import { CodeServer } from '../scripts/host/server.ts';
import { Workbench } from '../scripts/host/workbench.ts';
import { until } from '../test/support/until.ts';

/** Of /proc/<pid>/stat, in ms. */
export const tickMs = 10;

/** What measurements in VS Code share. */
export interface Stage {
  readonly browser: Browser;
  readonly folders: string[];
}

export interface OpenWindow {
  readonly workbench: Workbench;
  readonly server: CodeServer;
  readonly hostPid: number;
  readonly folder: string;
}

const say = (line: string): void => console.error(line);

/** Needs the packaged extension (`node scripts/package.ts`). */
export async function withStage<T>(work: (stage: Stage) => Promise<T>): Promise<T> {
  if (!existsSync(vsixPath)) throw new Error('Run "node scripts/package.ts" first.');
  const stage: Stage = { browser: await launchBrowser(say), folders: [] };
  try {
    return await work(stage);
  } finally {
    await stage.browser.close();
    for (const folder of stage.folders) await rm(folder, { recursive: true, force: true });
  }
}

/** A window on a folder of its own, in a server of its own: nothing is warm. */
export async function openWindow(
  { browser, folders }: Stage,
  { text, settings = {} }: { text: string; settings?: Readonly<Record<string, unknown>> },
): Promise<OpenWindow> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-env-bench-')));
  folders.push(folder);
  await writeFile(join(folder, 'dev-env.yaml'), text);
  const server = await CodeServer.start(say, { vsix: vsixPath, settings });
  const workbench = await Workbench.open(browser, server, { folder });
  const hostPid = await until('an extension host', () => server.extensionHostPids()[0]);
  return { workbench, server, hostPid, folder };
}
