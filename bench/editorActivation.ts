import type { Workbench } from '../scripts/host/workbench.ts';
import { until } from '../test/support/until.ts';

/** What VS Code noted of the activation of one extension, in ms. */
export interface Activation {
  readonly load: number;
  readonly call: number;
  readonly asShown: number;
}

/**
 * Reads the report of "Developer: Startup Performance". Its table has what "Show Running Extensions"
 * shows too, where loading contains the wait for other extensions that are loaded at the same time;
 * its raw marks, from the extension host, have the loading of the code alone.
 */
export async function readActivation(workbench: Workbench, id: string): Promise<Activation> {
  const { page } = workbench;
  await workbench.runCommand('Developer: Startup Performance');
  const editor = page.locator('.editor-instance .view-lines');
  await editor.getByText('System Info').first().waitFor();
  const report = await until('the report', async () => {
    await editor.click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('ControlOrMeta+C');
    const text = await page.evaluate<string>('navigator.clipboard.readText()');
    return text.includes('Raw Perf Marks: remoteExtHost') ? text : undefined;
  });
  return parseActivation(report, id);
}

/** Throws when the report says nothing of the extension. */
export function parseActivation(report: string, id: string): Activation {
  const row = report
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .find(([, name]) => name === id);
  const [load, call] = [row?.[3], row?.[4]].map(Number);
  if (load === undefined || call === undefined || Number.isNaN(load + call)) {
    throw new Error(`VS Code tells no activation times of ${id}.`);
  }
  const begun = markMs(report, `code/extHost/willLoadExtensionCode/${id}`);
  const ended = markMs(report, `code/extHost/didLoadExtensionCode/${id}`);
  return { load: ended - begun, call, asShown: load + call };
}

/** Columns: name, time of the clock, since the last mark, since the start (with fractions). */
function markMs(report: string, name: string): number {
  const line = report.split('\n').find((one) => one.startsWith(`${name}\t`));
  if (line === undefined) throw new Error(`VS Code has no mark "${name}".`);
  return Number(line.split('\t')[3]);
}
