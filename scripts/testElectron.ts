import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';

import { hostCache, outFolder, repositoryRoot } from './host/paths.ts';
import { hostTestWorkspace } from './host/runTests.ts';
import { runTool } from './host/runTool.ts';

/**
 * The suite of test/host in desktop VS Code: the version named in `VSCODE_VERSION` (as in "1.101.0"
 * or "insiders"; the newest by default), downloaded on first use, or the one installed at
 * `VSCODE_PATH`. A headless Linux needs `xvfb-run`.
 */

const installed = process.env['VSCODE_PATH'];
const version = process.env['VSCODE_VERSION'] ?? 'stable';

const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-env-electron-')));
try {
  const workspace = join(folder, 'workspace');
  await cp(hostTestWorkspace, workspace, { recursive: true });
  const build = [join(repositoryRoot, 'esbuild.js'), '--tests'];
  await runTool(process.execPath, build, { cwd: repositoryRoot });
  process.exitCode = await runTests({
    ...(installed === undefined ? { version } : { vscodeExecutablePath: installed }),
    cachePath: hostCache,
    extensionDevelopmentPath: repositoryRoot,
    extensionTestsPath: join(outFolder, 'test', 'host', 'index.cjs'),
    launchArgs: [
      workspace,
      '--disable-extensions',
      '--disable-workspace-trust',
      ...['--user-data-dir', join(folder, 'user')],
    ],
  });
} catch (error) {
  const words = error instanceof Error ? error.message : String(error);
  const isUnreachable = /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|getaddrinfo|fetch/.test(words);
  console.error(
    isUnreachable
      ? `Desktop VS Code cannot be downloaded from here (${words}). Name an installed one in ` +
          'VSCODE_PATH, or run "npm test", which takes VS Code from npm.'
      : words,
  );
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
