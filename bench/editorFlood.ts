import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Inspector } from './editorInspector.ts';
import { inPage } from './editorPage.ts';
import { untilAtRest } from './editorRest.ts';
import type { FloodResult, FloodRound } from './editorResults.ts';
import { type OpenWindow, openWindow, type Stage } from './editorStage.ts';
import { floodLineBytes, floodScript, holdsWholeFlood } from './floodPrinter.ts';
import { memoryMb } from './usage.ts';

const megabytes = 200;
const lines = Math.floor((megabytes * 1024 * 1024) / floodLineBytes);

const text = `processes:
  - name: flood
    type: task
    restart: never
    command: [node, flood.cjs]
    # What it writes is in its log, and in the record of what a task wrote.
    logging: { max_size: 300MB }
`;

/** The event loop of the extension host, by itself, while a process floods a channel that is shown. */
const beginMonitor = `
(() => {
  const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
  globalThis.benchDelay = monitorEventLoopDelay({ resolution: 5 });
  benchDelay.enable();
})()`;
const endMonitor = `
(() => {
  benchDelay.disable();
  return { p99: benchDelay.percentile(99) / 1e6, max: benchDelay.max / 1e6 };
})()`;

/** Until the file is there it only says a word: so that there is a log whose channel can be shown. */
const sign = 'flood.sign';
const program = `
if (require('node:fs').existsSync('${sign}')) {${floodScript(lines)}
} else console.log('nothing yet');`;

export async function measureFlood(stage: Stage, rounds: number): Promise<FloodResult> {
  await using window = await openWindow(stage, {
    text,
    files: { 'flood.cjs': program },
  });
  const { workbench, folder, hostPid } = window;
  await workbench.openView('Dev Env');
  await workbench.waitForRow('flood');
  await workbench.clickRowAction('flood', 'Start');
  await workbench.waitForRow('flood', ({ spoken }) => spoken.startsWith('flood, completed'));
  await workbench.clickRowAction('flood', 'Show Log');
  await workbench.page.locator('.part.panel .view-lines').getByText('nothing yet').waitFor();
  writeFileSync(join(folder, sign), '');
  using inspector = await Inspector.open(hostPid);
  const found: FloodRound[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const one = await measureOnce(window, inspector);
    found.push(one);
    stage.say(
      `  ${one.seconds.toFixed(1)} s, event loop delay ${one.delayP99Ms.toFixed(0)} ms (99 %), ` +
        `${one.delayMaxMs.toFixed(0)} ms at most, ${one.memoryGrowthMb.toFixed(0)} MB more, log ` +
        (one.isComplete ? 'complete' : 'INCOMPLETE'),
    );
  }
  return { megabytes, rounds: found };
}

async function measureOnce(
  { workbench, watch, server, hostPid }: OpenWindow,
  inspector: Inspector,
): Promise<FloodRound> {
  await untilAtRest([hostPid]);
  const before = memoryMb(hostPid).now;
  // The peak counts from here on.
  writeFileSync(`/proc/${hostPid}/clear_refs`, '5');
  await inspector.evaluate(beginMonitor);
  await watch.arm('begun', `!${inPage.someRow('^flood, completed')}`);
  await workbench.clickRowAction('flood', 'Start');
  // It is a row of the last run until then.
  await watch.when('begun');
  await watch.arm('done', inPage.someRow('^flood, completed'));
  const seconds = (await watch.sincePress('done')) / 1000;
  const delay = await inspector.evaluate<{ p99: number; max: number }>(endMonitor);
  return {
    seconds,
    delayP99Ms: delay.p99,
    delayMaxMs: delay.max,
    memoryGrowthMb: memoryMb(hostPid).peak - before,
    isComplete: await holdsWholeFlood(newestLog(join(server.folder, 'state')), lines),
  };
}

/** Logs are numbered by run. */
function newestLog(stateFolder: string): string {
  const logs = readdirSync(stateFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /logs.flood.\d+\.log$/.test(path))
    .sort((a, b) => Number.parseInt(basename(a)) - Number.parseInt(basename(b)));
  const newest = logs.at(-1);
  if (newest === undefined) throw new Error(`No log in ${stateFolder}.`);
  return join(stateFolder, newest);
}
