import type { Workbench } from '../scripts/host/workbench.ts';
import { until } from '../test/support/until.ts';
import { inPage } from './editorPage.ts';
import type { OpenWindow } from './editorStage.ts';

/** In ms; ends a measurement that fails. */
const patienceMs = 300_000;

/** A dev-env.yaml with so many processes that do nothing: `sleeper-0`, `sleeper-1`, … */
export function sleepersText(count: number): string {
  const lines = [...Array(count).keys()].map(
    (i) => `  - { name: sleeper-${i}, command: [sleep, "36000"], restart: never }`,
  );
  return ['processes:', ...lines].join('\n');
}

/** Until the status bar counts so many that are up, of `total`. */
export async function untilUp({ workbench }: OpenWindow, up: number, total: number): Promise<void> {
  const wanted = `${up}/${total}`;
  await until(
    `${wanted} in the status bar`,
    async () => (await workbench.statusItems()).some(({ text }) => text === wanted),
    patienceMs,
    { everyMs: 250, describe: async () => JSON.stringify(await workbench.statusItems()) },
  );
}

/** Shows something else in the side bar, and waits until the rows are gone. */
export async function showOtherView({ workbench, watch }: OpenWindow): Promise<void> {
  await watch.arm('hidden', `!${inPage.someRow('^sleeper-')}`);
  await pressTab(workbench, 'Explorer');
  await watch.when('hidden');
}

/** Presses the icon of a view that is not shown; again, if a busy workbench has missed it. */
export async function pressTab({ page }: Workbench, title: string): Promise<void> {
  const tab = page.locator('.activitybar').getByRole('tab', { name: title });
  const isSelected = async (): Promise<boolean> =>
    (await tab.getAttribute('aria-selected')) === 'true';
  for (let tries = 0; tries < 5 && !(await isSelected()); tries += 1) {
    await tab.click();
    await until('the view', isSelected, 10_000, { everyMs: 50 }).catch(() => undefined);
  }
}
