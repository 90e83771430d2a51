import { until } from '../support/until.ts';
import { openWorkbench } from './openWorkbench.ts';

const file = `
processes:
  clock:
    command: [node, -e, "setInterval(() => console.log('tick'), 100)"]
  late:
    command: [node, -e, "setTimeout(() => console.log('late is there'), 300); setInterval(() => {}, 1000)"]
    ready: { log: late is there }
    depends_on: [clock]
`;

describe('the tree', () => {
  it('starts, shows and stops what the file names', async () => {
    const { workbench } = await openWorkbench({ files: { 'dev-env.yaml': file } });
    await workbench.openView('Dev Env');
    await workbench.waitForRow('late');

    await workbench.clickRowAction('late', 'Start');
    await workbench.waitForRow('late', ({ spoken }) => spoken.startsWith('late, running'));
    await workbench.waitForRow('clock', ({ spoken }) => spoken.startsWith('clock, running'));
    await until(
      'both in the status bar',
      async () => (await workbench.statusItems()).some(({ text }) => text.includes('2/2')),
      undefined,
      { describe: async () => JSON.stringify(await workbench.statusItems()) },
    );

    await workbench.screenshot('tree');
    await workbench.clickViewAction('Stop All');
    await workbench.waitForRow('clock', ({ spoken }) => spoken.startsWith('clock, stopped'));
    await workbench.waitForRow('late', ({ spoken }) => spoken.startsWith('late, stopped'));
  });
});
