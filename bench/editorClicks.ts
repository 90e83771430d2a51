import { inPage } from './editorPage.ts';
import type { ClicksResult } from './editorResults.ts';
import { type OpenWindow, openWindow, type Stage } from './editorStage.ts';

const names = ['db', 'api', 'worker', 'web', 'mail', 'docs'];
const text = [
  'processes:',
  ...names.map((name) => `  - { name: ${name}, command: [sleep, "36000"] }`),
].join('\n');

/** Buttons of single rows, in a window that has nothing else to do. */
export async function measureClicks(stage: Stage, rounds: number): Promise<ClicksResult> {
  const found = { startFirst: [], startDone: [], stopFirst: [], stopDone: [] } as {
    [Name in 'startFirst' | 'startDone' | 'stopFirst' | 'stopDone']: number[];
  };
  await using window = await openWindow(stage, { text });
  await window.workbench.openView('Dev Env');
  await window.workbench.waitForRow('docs');
  for (let round = 0; round < rounds; round += 1) {
    const name = names[round % names.length] ?? '';
    const start = await pressRow(window, name, 'Start', 'running');
    const stop = await pressRow(window, name, 'Stop', 'stopped');
    found.startFirst.push(start.first);
    found.startDone.push(start.done);
    found.stopFirst.push(stop.first);
    found.stopDone.push(stop.done);
  }
  stage.say(`  ${rounds} clicks on start and stop`);
  return { ...found, bare: await measureBare(stage, rounds) };
}

async function measureBare(stage: Stage, rounds: number): Promise<number[]> {
  await using window = await openWindow(stage, { text, vsix: await stage.bareVsix() });
  await window.workbench.openView('Bare');
  await window.workbench.waitForRow('docs');
  const found: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const state = round % 2 === 0 ? 'running' : 'stopped';
    found.push((await pressRow(window, 'db', 'Flip', state)).done);
  }
  return found;
}

/** Presses a button of a row: how long until it shows another state, and until it shows that one. */
export async function pressRow(
  { workbench, watch }: OpenWindow,
  name: string,
  button: string,
  state: string,
): Promise<{ first: number; done: number }> {
  // What follows the state changes by itself: times, and what the process uses.
  const before = (await workbench.waitForRow(name)).spoken.split(',').slice(0, 2).join();
  await watch.arm('done', inPage.someRow(`^${name}, ${state}`));
  await watch.arm('first', `!${inPage.someRow(`^${before}(,|$)`)}`);
  await workbench.clickRowAction(name, button);
  return { first: await watch.sincePress('first'), done: await watch.sincePress('done') };
}
