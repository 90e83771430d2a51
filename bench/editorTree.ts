import { pressTab, showOtherView, sleepersText, untilUp } from './editorCrowd.ts';
import { pressRow } from './editorClicks.ts';
import { inPage } from './editorPage.ts';
import type { TreeResult } from './editorResults.ts';
import { type OpenWindow, openWindow, type Stage } from './editorStage.ts';

const processes = 1000;

/** A tree with a thousand rows, beside one of the bare extension. */
export async function measureTree(stage: Stage, rounds: number): Promise<TreeResult> {
  const mine = await measureOwn(stage, rounds);
  stage.say(`  ${processes} rows of this extension`);
  const bare = await measureBare(stage, rounds);
  stage.say(`  ${processes} rows of the bare one`);
  const both = (name: 'firstOpening' | 'reopening' | 'one'): TreeResult['one'] => ({
    devEnv: mine[name],
    bare: bare[name],
  });
  const { reopeningWhileRunning, oneKilled, allStart, allStop } = mine;
  return {
    processes,
    firstOpening: both('firstOpening'),
    reopening: both('reopening'),
    reopeningWhileRunning,
    one: both('one'),
    oneKilled,
    allStart,
    allStop,
    bareAll: bare.all,
  };
}

async function measureOwn(stage: Stage, rounds: number) {
  await using window = await openWindow(stage, {
    text: sleepersText(processes),
    settings: { 'devEnv.autoStart': 'never' },
  });
  await untilUp(window, 0, processes);
  const firstOpening = [await openTab(window, 'Dev Env')];
  const reopening = await reopen(window, 'Dev Env', rounds);
  const allStart = [await pressAll(window, 'Start All', '^\\S+, (?!stopped)')];
  await untilUp(window, processes, processes);
  const reopeningWhileRunning = await reopen(window, 'Dev Env', rounds);
  const one: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const name = `sleeper-${round}`;
    one.push((await pressRow(window, name, 'Stop', 'stopped')).first);
    one.push((await pressRow(window, name, 'Start', 'running')).first);
  }
  await untilUp(window, processes, processes);
  const oneKilled = await killSome(window, rounds);
  const allStop = [await pressAll(window, 'Stop All', '^\\S+, (?!running)')];
  return { firstOpening, reopening, reopeningWhileRunning, one, oneKilled, allStart, allStop };
}

async function measureBare(stage: Stage, rounds: number) {
  await using window = await openWindow(stage, {
    text: sleepersText(processes),
    vsix: await stage.bareVsix(),
    watchFor: [inPage.status('bare is there')],
  });
  await window.watch.when('first0');
  const firstOpening = [await openTab(window, 'Bare')];
  const reopening = await reopen(window, 'Bare', rounds);
  const one: number[] = [];
  const all: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    one.push((await pressRow(window, 'sleeper-0', 'Flip', 'running')).first);
    one.push((await pressRow(window, 'sleeper-0', 'Flip', 'stopped')).first);
    all.push(await pressAll(window, 'Flip All', ', running'));
    all.push(await pressAll(window, 'Flip All', ', stopped'));
  }
  return { firstOpening, reopening, one, all };
}

/** From the press on the icon of the view to its first row. */
async function openTab({ workbench, watch }: OpenWindow, title: string): Promise<number> {
  await watch.arm('opened', inPage.someRow('^sleeper-'));
  await pressTab(workbench, title);
  return watch.sincePress('opened');
}

async function reopen(window: OpenWindow, title: string, rounds: number): Promise<number[]> {
  const found: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await showOtherView(window);
    found.push(await openTab(window, title));
  }
  return found;
}

/** From the press of a button of the view until all rows on the screen are spoken so. */
async function pressAll(
  { workbench, watch }: OpenWindow,
  button: string,
  pattern: string,
): Promise<number> {
  await watch.arm('all', inPage.everyRow(pattern));
  await workbench.clickViewAction(button);
  return watch.sincePress('all');
}

/** From the kill of a program to the row that tells of it. */
async function killSome({ watch, server }: OpenWindow, rounds: number): Promise<number[]> {
  const found: number[] = [];
  const pids = server.environmentProcesses();
  for (let round = 0; round < rounds; round += 1) {
    const name = `sleeper-${round}`;
    const pid = pids.get(name);
    if (pid === undefined) throw new Error(`${name} does not run.`);
    await watch.arm('killed', `!${inPage.someRow(`^${name}, running`)}`);
    const killedMs = Date.now();
    process.kill(-pid, 'SIGKILL');
    found.push((await watch.when('killed')) - killedMs);
  }
  return found;
}
