import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer } from './hosts.ts';
import { openWorkbench } from './openWorkbench.ts';

const wait = `[node, -e, "setInterval(() => {}, 1000)"]`;
const file = `
processes:
  db: { command: ${wait}, autostart: false }
  api: { command: ${wait}, autostart: true, depends_on: [db] }
  other: { command: ${wait}, autostart: false }
`;
const question = /Start the environment/;

describe('auto-start', () => {
  it('asks once, showing what would run, and nothing after a reload', async () => {
    const { workbench, folder } = await openWorkbench({
      server: await startServer({ trustsAll: true, isPatient: true }),
      files: { 'dev-env.yaml': file },
      settings: { 'devEnv.autoStart': 'ask' },
    });
    const { page } = workbench;
    await workbench.openView('Dev Env');
    await workbench.answerNotification(question, 'Show Commands');
    const shown = page.locator('.editor-instance .view-lines');
    await shown.getByText('setInterval').first().waitFor();
    const text = await shown.innerText();
    assert.ok(text.includes('db:') && text.includes('api:') && !text.includes('other:'), text);
    // Looking is not agreeing.
    assert.ok((await workbench.rows()).every(({ spoken }) => spoken.endsWith(', stopped')));

    await workbench.answerNotification(question, 'Start');
    await workbench.waitForRow('api', ({ spoken }) => spoken.startsWith('api, running'));
    await workbench.waitForRow('db', ({ spoken }) => spoken.startsWith('db, running'));
    await workbench.waitForRow('other', ({ spoken }) => spoken === 'other, stopped');

    await workbench.reload();
    await workbench.openView('Dev Env');
    await workbench.waitForRow('api', ({ spoken }) => spoken.startsWith('api, running'));
    assert.ok(!(await workbench.notifications()).some((message) => question.test(message)));

    // What runs is not what the file says now. That is for a person to change, not for a reload.
    await writeFile(join(folder, 'dev-env.yaml'), file.replaceAll('1000', '2000'));
    await workbench.reload();
    await workbench.openView('Dev Env');
    await workbench.waitForRow('api', ({ spoken }) => /^api, running.*changed/.test(spoken));
    assert.ok(!(await workbench.notifications()).some((message) => question.test(message)));
  });
});
