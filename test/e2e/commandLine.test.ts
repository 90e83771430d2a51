import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workbench } from '../../scripts/host/workbench.ts';
import { openStateFolder } from '../../src/store/stateFolder.ts';
import { until } from '../support/until.ts';
import { openWorkbench } from './openWorkbench.ts';

const file = `
processes:
  api:
    command: [node, -e, "require('fs').writeFileSync('api.pid', String(process.pid)); setInterval(() => {}, 1000)"]
  worker:
    command: [node, -e, "setInterval(() => {}, 1000)"]
  teller:
    command: [node, -e, "let n = 0; setInterval(() => console.log('line ' + ++n + ': ' + process.env.TOKEN), 500)"]
    env: { TOKEN: "\${secret:TOKEN}" }
`;

const token = 'correct-horse-battery';

async function shows({ page }: Workbench, pattern: RegExp): Promise<RegExpExecArray> {
  let text = '';
  return until(
    `${String(pattern)} in a terminal`,
    async () => {
      const texts = await page.locator('.xterm-rows').allInnerTexts();
      text = texts.join('\n').replaceAll('\u00a0', ' ');
      return pattern.exec(text) ?? undefined;
    },
    120_000,
    { everyMs: 100, describe: () => text },
  );
}

/** The newest line of `teller` in the terminal that is later than that one. */
async function showsLineAfter(workbench: Workbench, after: number): Promise<number> {
  return until(
    `a line after ${after}`,
    async () => {
      const found = await shows(workbench, /[^]*\nteller \| line (\d+): /);
      return Number(found[1]) > after ? Number(found[1]) : undefined;
    },
    120_000,
  );
}

/** All that the terminal in front holds, also what has gone from the screen, as a copy of it. */
async function wholeTerminal(workbench: Workbench): Promise<string> {
  const { page } = workbench;
  await page.evaluate(`navigator.clipboard.writeText('')`);
  await workbench.runCommand('Terminal: Select All');
  await workbench.runCommand('Terminal: Copy Selection');
  const text = await until('a copy of the terminal', () =>
    page.evaluate<string>(`navigator.clipboard.readText()`),
  );
  await workbench.runCommand('Terminal: Clear Selection');
  await focusTerminal(workbench);
  return text;
}

async function focusTerminal({ page }: Workbench): Promise<void> {
  await page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
}

async function type({ page }: Workbench, command: string): Promise<void> {
  await page.keyboard.type(command, { delay: 10 });
  await page.keyboard.press('Enter');
}

/**
 * Lets the editor's store of secrets outlast a reload: it is encrypted with a key that only a full
 * code-server hands out, and without one it is forgotten.
 */
async function keepSecrets({ page }: Workbench): Promise<void> {
  const body = randomBytes(32);
  await page.route('**/mint-key', (route) => route.fulfill({ body }));
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
  it('is on the PATH of its terminals, acts on what the window runs, and shows no secret of it', async () => {
    const { workbench, server, folder } = await openWorkbench({
      files: { 'dev-env.yaml': file },
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
    await workbench.waitForRow('api', ({ spoken }) => spoken.startsWith('api, running'));
    const said = await until('the program says who it is', async () =>
      /^\d+/.exec(await readFile(join(folder, 'api.pid'), 'utf8').catch(() => '')),
    );
    const pid = Number(said[0]);

    await workbench.runCommand('Terminal: Create New Terminal');
    await focusTerminal(workbench);
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

    await keepSecrets(workbench);
    await workbench.clickRowAction('teller', 'Start');
    const box = page.locator('.quick-input-widget input[type=password]');
    await box.click();
    await page.keyboard.type(token, { delay: 10 });
    await page.keyboard.press('Enter');
    await box.waitFor({ state: 'hidden' });
    await until("the secret in the editor's store", () =>
      page.evaluate<boolean>(`localStorage.getItem('secrets.provider') !== null`),
    );
    await workbench.waitForRow('teller', ({ spoken }) => spoken.startsWith('teller, running'));
    const state = await openStateFolder(folder, join(server.folder, 'state', 'dev-env'));
    const logPath = state.logPath('teller', 1);
    await until('the secret in the log file', async () =>
      (await readFile(logPath, 'utf8')).includes(`line 1: ${token}\n`),
    );

    await focusTerminal(workbench);
    await type(workbench, 'dev-env logs -f teller');
    // Once more, for those that were written while the command was there to follow.
    await showsLineAfter(workbench, await showsLineAfter(workbench, 0));
    await page.keyboard.press('Control+c');
    await type(workbench, 'echo follow-$((6 * 7))');
    await shows(workbench, /follow-42/);
    await workbench.screenshot('command-line-secret');
    mustHide(await wholeTerminal(workbench));
    assert.ok(!(await page.content()).includes(token), 'nothing in the window shows it');

    // Now it is known from the editor's store alone.
    await workbench.reload();
    await workbench.openView('Dev Env');
    await workbench.waitForRow('teller', ({ spoken }) => spoken.startsWith('teller, running'));
    // The shell comes back by itself, with what it had on its screen.
    await shows(workbench, /follow-42/);
    await focusTerminal(workbench);
    await type(workbench, 'clear; dev-env logs teller; echo again-$((6 * 7))');
    await shows(workbench, /teller \| line \d+: [^]*again-42/);
    mustHide(await wholeTerminal(workbench));
    assert.ok(!(await page.content()).includes(token), 'nothing in the window shows it');
    await workbench.clickViewAction('Stop All');
    await workbench.waitForRow('teller', ({ spoken }) => spoken.startsWith('teller, stopped'));
  });
});

/** The lines of `teller` are there, from the first on, and their secret is not. */
function mustHide(terminal: string): void {
  assert.ok(!terminal.includes(token), terminal);
  const lines = terminal.match(/^teller \| .*$/gm) ?? [];
  assert.ok(lines.length > 0, terminal);
  assert.deepEqual(
    lines,
    lines.map((_, index) => `teller | line ${index + 1}: •••`),
  );
}
