import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workbench } from '../../scripts/host/workbench.ts';
import { until } from '../support/until.ts';
import { openWorkbench } from './openWorkbench.ts';

const file = `
processes:
  api:
    command: [node, -e, "require('fs').writeFileSync('api.pid', String(process.pid)); setInterval(() => {}, 1000)"]
  worker:
    command: [node, -e, "setInterval(() => {}, 1000)"]
`;

async function shows({ page }: Workbench, pattern: RegExp): Promise<void> {
  let text = '';
  await until(
    `${String(pattern)} in a terminal`,
    async () => {
      const texts = await page.locator('.xterm-rows').allInnerTexts();
      text = texts.join('\n').replaceAll('\u00a0', ' ');
      return pattern.test(text);
    },
    120_000,
    { everyMs: 100, describe: () => text },
  );
}

async function type({ page }: Workbench, command: string): Promise<void> {
  await page.keyboard.type(command, { delay: 10 });
  await page.keyboard.press('Enter');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the command line in the editor', () => {
  it('is on the PATH of its terminals, and acts on what the window runs', async () => {
    const { workbench, folder } = await openWorkbench({
      files: { 'dev-env.yaml': file },
      // Drawn as text, so that it can be read.
      settings: { 'terminal.integrated.gpuAcceleration': 'off' },
    });
    const { page } = workbench;
    await workbench.openView('Dev Env');
    await workbench.clickRowAction('api', 'Start');
    await workbench.waitForRow('api', ({ spoken }) => spoken.startsWith('api, running'));
    const said = await until('the program says who it is', async () =>
      /^\d+/.exec(await readFile(join(folder, 'api.pid'), 'utf8').catch(() => '')),
    );
    const pid = Number(said[0]);

    await workbench.runCommand('Terminal: Create New Terminal');
    await page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
    // Not what is typed, but what the shell makes of it: it listens now.
    await type(workbench, 'clear; echo shell-$((6 * 7))');
    await shows(workbench, /shell-42/);

    await type(workbench, 'dev-env status');
    await shows(workbench, /\napi +running[^\n]*\n+worker +stopped/);
    await workbench.screenshot('command-line-status');

    await type(workbench, 'dev-env stop api; echo "exit code <$?>"');
    await shows(workbench, /exit code <0>/);
    await workbench.waitForRow('api', ({ spoken }) => spoken.startsWith('api, stopped'));
    await until('the program has ended', () => !isAlive(pid), 60_000);

    await type(workbench, 'clear; dev-env status');
    await shows(workbench, /\napi +stopped/);
    await workbench.screenshot('command-line-stopped');
  });
});
