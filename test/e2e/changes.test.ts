import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorkbench } from './openWorkbench.ts';

const wait = (ms: number): string => `[node, -e, "setInterval(() => {}, ${ms})"]`;
const process = (name: string, ms: number): string => `  ${name}: { command: ${wait(ms)} }\n`;
const file = (...processes: string[]): string => `processes:\n${processes.join('')}`;

describe('a change of the file', () => {
  it('is applied to what it concerns, when the person says so', async () => {
    const { workbench, folder } = await openWorkbench({
      files: { 'dev-env.yaml': file(process('db', 1000), process('api', 1000)) },
    });
    const save = (text: string): Promise<void> => writeFile(join(folder, 'dev-env.yaml'), text);
    await workbench.openView('Dev Env');
    await workbench.waitForRow('api');
    await workbench.clickViewAction('Start All');
    await workbench.waitForRow('api', ({ spoken }) => spoken.startsWith('api, running'));

    await save(file(process('db', 1000), process('api', 2000), process('web', 1000)));
    await workbench.waitForRow('web', ({ spoken }) => spoken === 'web, stopped');
    await workbench.waitForRow('api', ({ description }) => description.endsWith('changed'));
    await workbench.answerNotification(/definition of api has changed/, 'Apply: restart api');
    await workbench.waitForRow(
      'api',
      ({ spoken, description }) =>
        spoken.startsWith('api, running') && !description.endsWith('changed'),
    );

    await save(file(process('api', 2000), process('web', 1000)));
    await workbench.waitForRow('db', ({ description }) => description.includes('removed'));
    await workbench.answerNotification(/db was removed/, 'Stop db');
    await workbench.waitForRow('web');
    while ((await workbench.rows()).some(({ label }) => label === 'db')) {
      await workbench.page.waitForTimeout(50);
    }
    await workbench.waitForRow('api', ({ spoken }) => spoken.startsWith('api, running'));
  });

  it('that breaks the file leaves what runs alone, and says so', async () => {
    const good = file(process('db', 1000));
    const { workbench, folder } = await openWorkbench({ files: { 'dev-env.yaml': good } });
    await workbench.openView('Dev Env');
    await workbench.clickRowAction('db', 'Start');
    await workbench.waitForRow('db', ({ spoken }) => spoken.startsWith('db, running'));
    await writeFile(join(folder, 'dev-env.yaml'), 'processes: [');
    await workbench.page.getByText('dev-env.yaml has errors. Its last good version').waitFor();
    assert.ok((await workbench.rows())[0]?.spoken.startsWith('db, running'));
  });
});

describe('a failure', () => {
  it('is told once, with its reason, and leads to the log', async () => {
    const { workbench } = await openWorkbench({
      files: {
        'dev-env.yaml': `
processes:
  broken:
    command: [node, -e, "console.log('it hurts'); process.exit(3)"]
    restart: never
    ready: { log: never said }
  follower:
    command: ${wait(1000)}
    depends_on: [broken]
`,
      },
    });
    const { page } = workbench;
    await workbench.openView('Dev Env');
    await workbench.waitForRow('follower');
    await workbench.clickViewAction('Start All');
    await workbench.waitForRow('follower', ({ spoken }) => spoken.startsWith('follower, failed'));
    await page.locator('.notification-list-item').filter({ hasText: 'broken failed' }).waitFor();
    assert.equal((await workbench.notifications()).length, 1);
    await page.locator('.activitybar .badge').getByText('2').waitFor();
    await workbench.answerNotification(/broken failed: exit code 3/, 'Show Log');
    await page.locator('.part.panel').getByText('it hurts').waitFor();
  });
});
