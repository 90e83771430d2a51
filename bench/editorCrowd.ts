import { until } from '../test/support/until.ts';
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

/** Shows something else in the side bar. */
export async function showOtherView({ workbench }: OpenWindow): Promise<void> {
  await workbench.page
    .locator('.activitybar')
    .getByRole('tab', { name: /Explorer/ })
    .click();
}
