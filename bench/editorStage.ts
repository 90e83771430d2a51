import { existsSync, rmSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../scripts/host/browser.ts';
import { repositoryRoot, vsixPath } from '../scripts/host/paths.ts';
import { runTool } from '../scripts/host/runTool.ts';
import { CodeServer } from '../scripts/host/server.ts';
import { Workbench } from '../scripts/host/workbench.ts';
import { until } from '../test/support/until.ts';
import { PageWatch } from './editorPage.ts';

/** What measurements in VS Code share. */
export interface Stage {
  readonly browser: Browser;
  /** Removed at the end. */
  readonly folder: string;
  /** An extension that does the least that can be done; see editorBare. Packaged when first used. */
  readonly bareVsix: () => Promise<string>;
  /** Progress, for people. */
  readonly say: (line: string) => void;
}

export interface WindowOptions {
  /** Of dev-env.yaml. */
  readonly text: string;
  /** Beside it, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The packaged extension when left out. */
  readonly vsix?: string;
  /** Conditions that the page looks at from the very beginning; see `PageWatch`. */
  readonly watchFor?: readonly string[];
}

/** A window of VS Code; whatever it has started ends with it. */
export interface OpenWindow extends AsyncDisposable {
  readonly workbench: Workbench;
  readonly server: CodeServer;
  readonly watch: PageWatch;
  readonly hostPid: number;
  readonly folder: string;
}

/** Needs the packaged extension (`node scripts/package.ts`). */
export async function withStage<T>(
  work: (stage: Stage) => Promise<T>,
  say: (line: string) => void = console.error,
): Promise<T> {
  if (!existsSync(vsixPath)) throw new Error('Run "node scripts/package.ts" first.');
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-env-bench-')));
  const removeAtExit = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeAtExit);
  const browser = await launchBrowser(say);
  let packing: Promise<string> | undefined;
  try {
    return await work({ browser, folder, say, bareVsix: () => (packing ??= packBare(folder)) });
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    process.off('exit', removeAtExit);
  }
}

/** A window on a folder of its own, in a server of its own: nothing is warm. */
export async function openWindow(stage: Stage, options: WindowOptions): Promise<OpenWindow> {
  const folder = await mkdtemp(join(stage.folder, 'folder-'));
  const files = { 'dev-env.yaml': options.text, ...options.files };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const server = await CodeServer.start(stage.say, {
    vsix: options.vsix ?? vsixPath,
    settings: options.settings ?? {},
  });
  let watch: PageWatch | undefined;
  let workbench: Workbench | undefined;
  const dispose = async (): Promise<void> => {
    await watch?.page.context().close();
    // Not in order, which would take the seconds that are granted to a window that is reloaded.
    await server.stop(0);
  };
  try {
    workbench = await Workbench.open(stage.browser, server, {
      folder,
      prepare: async (page) => {
        watch = await PageWatch.start(page, options.watchFor);
      },
    });
    const hostPid = await until('an extension host', () => server.extensionHostPids()[0]);
    if (watch === undefined) throw new Error('The page was not prepared.');
    return { workbench, server, watch, hostPid, folder, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function packBare(folder: string): Promise<string> {
  const source = join(import.meta.dirname, 'editorBare');
  const target = join(folder, 'bare');
  const vsix = join(folder, 'bare.vsix');
  await mkdir(target);
  for (const name of await readdir(source)) await copyFile(join(source, name), join(target, name));
  const vsce = join(repositoryRoot, 'node_modules', '@vscode', 'vsce', 'vsce');
  const quietly = ['--no-dependencies', '--skip-license', '--allow-missing-repository'];
  await runTool(process.execPath, [vsce, 'package', ...quietly, '--out', vsix], { cwd: target });
  return vsix;
}
