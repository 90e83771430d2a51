import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { artifactsFolder } from '../../scripts/host/paths.ts';
import type { CodeServer } from '../../scripts/host/server.ts';
import { endHosts, endOwnServers } from './hosts.ts';
import { closeWorkbenches, openWorkbenches } from './openWorkbench.ts';

// Each server that a test crashes leaves its clean-up for the end of this program.
process.setMaxListeners(100);

/** Loaded by mocha (`require`): takes pictures of failures and ends everything. */
export const mochaHooks: Mocha.RootHookObject = {
  async afterEach(this: Mocha.Context) {
    const test = this.currentTest;
    if (test?.state === 'failed') await saveEvidence(test.fullTitle());
    await closeWorkbenches();
    await endOwnServers();
  },
  async afterAll() {
    await endHosts();
  },
};

/** What one needs to understand a failure: the screen, and what the extension has logged. */
async function saveEvidence(title: string): Promise<void> {
  const name = `failed-${title.replaceAll(/\W+/g, '-').slice(0, 80)}`;
  await mkdir(artifactsFolder, { recursive: true });
  for (const [index, { workbench, server }] of openWorkbenches().entries()) {
    console.log(`    see ${await workbench.screenshot(`${name}-${index}`)}`);
    await writeFile(join(artifactsFolder, `${name}-${index}.log`), await extensionLog(server));
  }
}

async function extensionLog(server: CodeServer): Promise<string> {
  const logs = join(server.folder, 'server', 'data', 'logs');
  const roots = existsSync(logs) ? logs : server.folder;
  const files = (await readdir(roots, { recursive: true })).filter(
    (file) => /Dev Env.*\.log$/.test(file) || /remoteexthost\.log$/.test(file),
  );
  const texts = files.map(
    async (file) => `── ${file}\n${await readFile(join(roots, file), 'utf8')}\n`,
  );
  return (await Promise.all(texts)).join('') || server.output;
}
