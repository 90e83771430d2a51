import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until.ts';
import { openWorkbench } from './openWorkbench.ts';

/** Whatever runs this leaves a trace. */
const file = `
processes:
  canary:
    command: [node, -e, "require('node:fs').writeFileSync('trace', ''); setInterval(() => {}, 1000)"]
    autostart: true
  broken:
    comand: [node]
`;

describe('a workspace that is not trusted', () => {
  it('is helped with its file, and nothing of it is run until it is trusted', async () => {
    const { workbench, folder } = await openWorkbench({
      files: { 'dev-env.yaml': file.replace('comand', 'command') },
      isTrusted: false,
      settings: { 'devEnv.autoStart': 'always' },
    });
    const { page } = workbench;
    await workbench.openView('Dev Env');
    const manage = page.getByRole('button', { name: 'Manage Workspace Trust' });
    await manage.waitFor();
    assert.deepEqual(await workbench.rows(), []);
    // Not in the palette either.
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input[type=text]').first().fill('>Dev Env: ');
    assert.ok(!(await workbench.quickPickLabels()).includes('Dev Env: Start All'));
    await page.keyboard.press('Escape');
    assert.ok(!existsSync(join(folder, 'trace')));

    await manage.click();
    await page.getByRole('button', { name: 'Trust', exact: true }).first().click();
    await workbench.waitForRow('canary', ({ spoken }) => spoken.startsWith('canary, running'));
    await until('the trace', () => existsSync(join(folder, 'trace')));
  });

  it('shows what is wrong with its file', async () => {
    const { workbench } = await openWorkbench({
      files: { 'dev-env.yaml': file },
      isTrusted: false,
    });
    await workbench.openView('Dev Env');
    await workbench.page.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    await workbench.page.locator('[id="status.problems"]').getByText('2').first().waitFor();
  });
});
