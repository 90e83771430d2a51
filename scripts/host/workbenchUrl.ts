import type { Page } from 'playwright-core';

import type { CodeServer } from './server.ts';

export interface WorkbenchOptions {
  /** Opened as the workspace: a folder, or a `.code-workspace` file. */
  readonly folder: string;
  readonly theme?: 'dark' | 'light';
  /** An extension to load from its source folder, instead of an installed one. */
  readonly extensionFolder?: string;
  /** A script whose `run` the extension host calls, as `extensionTestsPath` of VS Code. */
  readonly testsPath?: string;
  /** Called with the page before it goes anywhere. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** The address that opens such a window. */
export function workbenchUrl(server: CodeServer, options: WorkbenchOptions): string {
  const remote = `vscode-remote://${new URL(server.url).host}`;
  const payload: [string, string][] = [['skipWelcome', 'true']];
  if (options.extensionFolder !== undefined) {
    payload.push(['extensionDevelopmentPath', remote + options.extensionFolder]);
  }
  if (options.testsPath !== undefined) {
    payload.push(['extensionTestsPath', remote + options.testsPath]);
  }
  const what = options.folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = new URLSearchParams({ [what]: options.folder, payload: JSON.stringify(payload) });
  return `${server.url}/?${query.toString()}`;
}
