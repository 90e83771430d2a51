import type { Frame, Page } from 'playwright-core';
import { until } from '../support/until.ts';

export interface ShownRow {
  readonly name: string;
  readonly state: string;
  readonly text: string;
  readonly spoken: string;
}

/** The dashboard's own page, two frames deep in the workbench. */
export class DashboardPage {
  readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }

  /** Waits until the page is there and shows processes. */
  static async find(page: Page): Promise<DashboardPage> {
    const frame = await until(
      'the page of the dashboard',
      async () => {
        for (const one of page.frames()) {
          const rows = await one
            .locator('#app .canvas .row')
            .count()
            .catch(() => 0);
          if (rows > 0) return one;
        }
        return undefined;
      },
      90_000,
      { everyMs: 50 },
    );
    return new DashboardPage(frame);
  }

  async rows(): Promise<ShownRow[]> {
    return this.frame.evaluate<ShownRow[]>(`
      [...document.querySelectorAll('.canvas .row')]
        .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
        .map((row) => ({
          name: row.querySelector('.name').textContent,
          state: row.dataset.state,
          text: row.innerText,
          spoken: row.ariaLabel,
        }))`);
  }

  async waitForRow(name: string, condition: (row: ShownRow) => boolean): Promise<ShownRow> {
    return until(
      `the row of ${name}`,
      async () => (await this.rows()).find((row) => row.name === name && condition(row)),
      90_000,
      { everyMs: 50, describe: async () => JSON.stringify(await this.rows()) },
    );
  }

  async text(selector: string): Promise<string> {
    return this.frame.locator(selector).first().innerText();
  }

  /** Waits until the text of an element matches: its parts are drawn as they come. */
  async waitForText(selector: string, pattern: RegExp): Promise<void> {
    let text = '';
    await until(
      `${selector} with ${String(pattern)}`,
      async () => {
        text = await this.text(selector);
        return pattern.test(text);
      },
      60_000,
      { everyMs: 50, describe: () => text },
    );
  }
}
