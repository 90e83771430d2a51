import assert from 'node:assert/strict';
import type { Workbench } from '../../scripts/host/workbench.ts';
import { until } from '../support/until.ts';
import { openWorkbench } from './openWorkbench.ts';

const file = `
processes:
  api:
    command:
      - node
      - -e
      - |
        console.log('\\x1b[36mGET\\x1b[0m /orders \\x1b[32m200\\x1b[0m 12 ms');
        console.log('WARN the cache is cold');
        console.log('    at handler (src/api.js:2:3)');
        setInterval(() => {}, 1000)
  worker:
    logging: { format: json }
    command:
      - node
      - -e
      - |
        console.log(JSON.stringify({ level: 30, msg: 'job done', id: 7, ms: 41 }));
        console.log(JSON.stringify({ level: 50, msg: 'job failed', id: 8 }));
        setInterval(() => {}, 1000)
`;

/** What the terminals show that can be seen. */
async function terminalText({ page }: Workbench): Promise<string> {
  const texts = await page.locator('.xterm-rows').allInnerTexts();
  return texts.join('\n').replaceAll('\u00a0', ' ');
}

async function shows(workbench: Workbench, pattern: RegExp): Promise<string> {
  let text = '';
  return until(
    `${String(pattern)} in a terminal`,
    async () => {
      text = await terminalText(workbench);
      return pattern.test(text) ? text : undefined;
    },
    60_000,
    { everyMs: 100, describe: () => text },
  );
}

describe('terminals', () => {
  it('show one process, come back after a reload, and show several as one', async () => {
    const { workbench } = await openWorkbench({
      files: { 'dev-env.yaml': file, 'src/api.js': 'one\ntwo\nthree\n' },
      // Drawn as text, so that it can be read.
      settings: {
        'terminal.integrated.gpuAcceleration': 'off',
        // However long the reload takes.
        'devEnv.onWindowClose': 'keep',
      },
    });
    const { page } = workbench;
    await workbench.openView('Dev Env');
    await workbench.clickRowAction('api', 'Start');
    await workbench.clickRowAction('worker', 'Start');
    await workbench.waitForRow('worker', ({ spoken }) => spoken.startsWith('worker, running'));

    await workbench.chooseFromRowMenu('api', 'Open Terminal');
    await shows(workbench, /GET \/orders 200 12 ms[^]*the cache is cold/);
    await workbench.screenshot('terminal-dark');

    // The terminal comes back by itself: without it, a shell would be opened here.
    await workbench.reload();
    await workbench.openView('Dev Env');
    await workbench.waitForRow('api', ({ spoken }) => spoken.startsWith('api, running'));
    await workbench.runCommand('Terminal: Focus Terminal');
    await shows(workbench, /the cache is cold/);

    await workbench.runCommand('Dev Env: Show Merged Log');
    await shows(
      workbench,
      /api +│ GET[^]*worker +│[^\n]*ERROR job failed id=8|worker +│[^]*api +│ GET/,
    );
    await workbench.screenshot('merged-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('merged-light');

    // A key in the terminal asks for the level.
    await page.keyboard.press('l');
    await workbench.chooseQuickPick('Errors');
    const errors = await shows(workbench, /only error[^]*job failed/);
    assert.doesNotMatch(errors.slice(errors.indexOf('only error')), /job done|cache is cold/);
    await workbench.screenshot('merged-errors-light');

    // It comes back as well, with its filter: the terminal in front is the one of api.
    await workbench.reload();
    await workbench.openView('Dev Env');
    await workbench.waitForRow('api', ({ spoken }) => spoken.startsWith('api, running'));
    await workbench.runCommand('Terminal: Focus Terminal');
    await page.locator('.tabs-list').getByText('Merged Log · error').click();
    // Nothing is written over what is there.
    const again = await shows(workbench, /2 processes[^]*only error[^]*job failed/);
    assert.doesNotMatch(again.slice(again.indexOf('only error')), /job done|cache is cold/);
    await workbench.screenshot('merged-again-light');

    await workbench.chooseFromRowMenu('api', 'Open Terminal');
    await shows(workbench, /the cache is cold/);
    await workbench.screenshot('terminal-light');
    await workbench.clickViewAction('Stop All');
    for (const name of ['api', 'worker']) {
      await workbench.waitForRow(name, ({ spoken }) => spoken.startsWith(`${name}, stopped`));
    }
  });
});
