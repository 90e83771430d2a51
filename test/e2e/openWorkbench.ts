import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import type { CodeServer } from '../../scripts/host/server.ts';
import { Workbench } from '../../scripts/host/workbench.ts';
import { sharedBrowser, sharedServer } from './hosts.ts';

export interface OpenOptions {
  /** Copied to a new folder, which becomes the workspace; without what git would not have either. */
  readonly copyOf?: string;
  /** Written to the workspace: path in it, and text. */
  readonly files?: Readonly<Record<string, string>>;
  /** What in the workspace is opened instead of it: a `.code-workspace` file. */
  readonly open?: string;
  /** Is the workspace trusted from the start? True by default. */
  readonly isTrusted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: 'dark' | 'light';
  /** Instead of the shared one. */
  readonly server?: CodeServer;
  /** Another window on the workspace of that one, instead of a workspace of its own. */
  readonly sameFolderAs?: OpenWorkbench;
}

export interface OpenWorkbench {
  readonly workbench: Workbench;
  readonly server: CodeServer;
  /** The workspace, absolute and real. */
  readonly folder: string;
}

const opened = new Set<OpenWorkbench>();

/**
 * Opens a workspace of its own in VS Code with the packaged extension. Closed by itself after the
 * test, with everything that it started.
 */
export async function openWorkbench(options: OpenOptions): Promise<OpenWorkbench> {
  const folder =
    options.sameFolderAs?.folder ?? (await realpath(await mkdtemp(join(tmpdir(), 'dev-env-e2e-'))));
  if (options.copyOf !== undefined) {
    const filter = (path: string): boolean => !['node_modules', '.data'].includes(basename(path));
    await cp(options.copyOf, folder, { recursive: true, filter });
  }
  for (const [path, text] of Object.entries(options.files ?? {})) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const server = options.server ?? (await sharedServer(options.isTrusted ?? true));
  // Auto-start asks by default, which most tests are not about.
  await server.setSettings({ 'devEnv.autoStart': 'never', ...options.settings });
  const workbench = await Workbench.open(await sharedBrowser(), server, {
    folder: join(folder, options.open ?? ''),
    theme: options.theme ?? 'dark',
  });
  const result = { workbench, server, folder };
  opened.add(result);
  return result;
}

export function openWorkbenches(): readonly OpenWorkbench[] {
  return [...opened];
}

/** Closes every window, which ends its extension host, and removes the workspaces. */
export async function closeWorkbenches(): Promise<void> {
  const all = [...opened];
  opened.clear();
  for (const { workbench, folder } of all) {
    if (!workbench.page.isClosed()) await workbench.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
